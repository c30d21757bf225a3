package io.janklab.kernel.mm.reclaim;

import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.interleave.Interleaving;
import io.janklab.kernel.interleave.Shared;
import io.janklab.kernel.mm.space.MemoryManager;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.MmuGather;
import io.janklab.kernel.mm.table.PteTable;
import java.util.ArrayList;
import java.util.List;

/// What-if, never posted as a patch: page tables all of whose pages MADV_FREE gave up are looked at after reclaim, and freed if it has
/// emptied them (`pt-reclaim=scan`; the series of December 2024 left it for later).
///
/// A writer that relies on mmap_lock, as mremap does for its target's table, is excluded by mmap_lock, which is only tried.
public final class EmptyTableScan {
    /// A table, by the address space and the first address.
    private record Candidate(Mm mm, long base) {}

    private final MemoryManager memory;
    private final Interleaving interleaving;
    private final boolean exists;
    private List<Candidate> candidates = new ArrayList<>();

    public EmptyTableScan(MemoryManager memory) {
        this.memory = memory;
        this.interleaving = memory.scheduler().interleaving();
        this.exists = memory.profile().is(Switch.PT_RECLAIM, SwitchValue.SCAN);
    }

    /// MADV_FREE has gone through all of a table.
    public void note(Mm mm, long base) {
        if (exists) {
            Interleaving.note(interleaving, Shared.TABLE_USE, 0, true);
            candidates.add(new Candidate(mm, base));
        }
    }

    /// Reclaim has done what it could: looks at each table once more, and again next time if it is not empty yet.
    public void run(Task task) {
        if (candidates.isEmpty()) {
            return;
        }
        Interleaving.write(interleaving, Shared.TABLE_USE, 0, this);
        List<Candidate> looked = candidates;
        candidates = new ArrayList<>();
        for (Candidate candidate : looked) {
            if (candidate.mm.tryGet()) {
                if (!freed(task, candidate)) {
                    note(candidate.mm, candidate.base);
                }
                candidate.mm.put(task);
            }
        }
    }

    /// @return whether there is nothing to look for any more
    private boolean freed(Task task, Candidate candidate) {
        Mm mm = candidate.mm;
        if (!mm.mmapLock().downReadTrylock(task)) {
            return false;
        }
        MmuGather gather = memory.gather(mm);
        mm.pmdLock().lock(task);
        PteTable table = mm.ptes().lock(task, candidate.base);
        boolean empty = table != null && table.used() == 0;
        if (table != null && empty) {
            gather.unlinkTable(task, table);
        }
        if (table != null) {
            table.lock().unlock(task);
        }
        mm.pmdLock().unlock(task);
        gather.finish(task);
        mm.mmapLock().upRead(task);
        return empty || table == null;
    }

    @Override
    public String toString() {
        return "tables that MADV_FREE went through";
    }
}
