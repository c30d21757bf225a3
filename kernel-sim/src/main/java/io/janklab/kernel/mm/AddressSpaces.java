package io.janklab.kernel.mm;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.interleave.Interleaving;
import io.janklab.kernel.interleave.Shared;
import io.janklab.kernel.mm.advise.MadviseLocks;
import io.janklab.kernel.mm.fault.FaultHandler;
import io.janklab.kernel.mm.fault.HugePolicy;
import io.janklab.kernel.mm.fault.Populate;
import io.janklab.kernel.mm.fault.UserPages;
import io.janklab.kernel.mm.huge.Collapse;
import io.janklab.kernel.mm.huge.Khugepaged;
import io.janklab.kernel.mm.proc.RemoteAccess;
import io.janklab.kernel.mm.reclaim.EmptyTableScan;
import io.janklab.kernel.mm.reclaim.Reclaim;
import io.janklab.kernel.mm.space.MemoryManager;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// All address spaces of one machine, and what works across them: faults, reclaim, khugepaged, access from other processes. The one place
/// where the parts of mm are put together.
public final class AddressSpaces {
    private final MemoryManager memory;
    private final EmptyTableScan emptyTables;
    private final Reclaim reclaim;
    private final Khugepaged khugepaged;
    private final FaultHandler faults;
    private final Populate populate;
    private final Collapse collapse;
    private final RemoteAccess remoteAccess;
    private final MadviseLocks madviseLocks;
    private final List<AddressSpace> living = new ArrayList<>();

    public AddressSpaces(MemoryManager memory) {
        this.memory = memory;
        emptyTables = new EmptyTableScan(memory);
        reclaim = new Reclaim(memory, emptyTables);
        memory.relieveBy(reclaim::makeRoom);
        HugePolicy policy = new HugePolicy(memory.profile());
        khugepaged = new Khugepaged(memory.scheduler(), policy);
        faults = new FaultHandler(memory, policy, khugepaged);
        UserPages userPages = new UserPages(memory, faults);
        populate = new Populate(memory, userPages);
        collapse = new Collapse(memory, faults);
        khugepaged.collapseBy(collapse);
        remoteAccess = new RemoteAccess(memory, userPages);
        madviseLocks = new MadviseLocks(memory.profile(), memory.scheduler().interleaving());
    }

    /// A new, empty address space for the process `tgid`.
    public AddressSpace create(int tgid, String name) {
        AddressSpace[] made = new AddressSpace[1];
        made[0] = new AddressSpace(this, memory.newMm(tgid, name, task -> made[0].tearDown(task)));
        living.add(made[0]);
        return made[0];
    }

    /// The address space of the process `tgid`, or null if it has exited.
    public @Nullable AddressSpace of(int tgid) {
        Interleaving.read(memory.scheduler().interleaving(), Shared.MM_USERS, tgid, this);
        for (AddressSpace space : living) {
            if (space.mm().tgid() == tgid) {
                return space;
            }
        }
        return null;
    }

    void remove(AddressSpace space) {
        khugepaged.exit(space.mm());
        memory.forget(space.mm());
        living.remove(space);
    }

    /// The body of the kswapd thread.
    public void kswapd(Task self) {
        reclaim.kswapd(self);
    }

    /// Proactive reclaim, as by a write to `memory.reclaim`: goes through every list once, however much memory is free.
    ///
    /// @return how many pages were freed
    public int reclaim(Task task, int pages) {
        return reclaim.proactively(task, pages);
    }

    /// Reading other processes' memory.
    public RemoteAccess remoteAccess() {
        return remoteAccess;
    }

    FaultHandler faults() {
        return faults;
    }

    Populate populate() {
        return populate;
    }

    Collapse collapse() {
        return collapse;
    }

    /// Huge pages come from faults and MADV_COLLAPSE alone from now on.
    public void stopKhugepaged() {
        khugepaged.stop();
    }

    Khugepaged khugepaged() {
        return khugepaged;
    }

    EmptyTableScan emptyTables() {
        return emptyTables;
    }

    MadviseLocks madviseLocks() {
        return madviseLocks;
    }
}
