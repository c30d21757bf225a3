package io.janklab.kernel.mm.fault;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.page.FolioTable;
import io.janklab.kernel.mm.page.VmStat;
import io.janklab.kernel.mm.space.AnonVmaPrepare;
import io.janklab.kernel.mm.space.FaultOutcome;
import io.janklab.kernel.mm.space.MemoryManager;
import io.janklab.kernel.mm.space.VmFault;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.mm.table.Pte;
import io.janklab.kernel.mm.table.PteTable;
import io.janklab.kernel.trace.RssMember;
import java.util.Objects;

/// A write to a folio mapped read-only: reuse it if it is not shared, or copy it (Linux `do_wp_page`, `wp_page_copy`).
final class CopyOnWrite {
    private final MemoryManager memory;
    private final FolioTable folios;
    private final AnonVmaPrepare anonVmaPrepare;
    private final boolean countsReferences;
    private final boolean holdsOriginal;

    CopyOnWrite(MemoryManager memory, AnonVmaPrepare anonVmaPrepare) {
        this.memory = memory;
        this.folios = memory.folios();
        this.anonVmaPrepare = anonVmaPrepare;
        this.countsReferences = memory.profile().keeps(Switch.RULE_COW_REFCOUNT);
        this.holdsOriginal = memory.profile().keeps(Switch.RULE_COW_HOLDS_FOLIO);
    }

    FaultOutcome fault(VmFault fault) {
        Task task = fault.task();
        PteTable table = fault.lockIfUnchanged();
        if (table == null) {
            return FaultOutcome.SPURIOUS;
        }
        int frame = Pte.frame(fault.entry());
        if (canReuse(task, fault.vma(), frame)) {
            task.charge(memory.costs(), Cost.PTE_SET);
            table.update(fault.index(), fault.entry() | Pte.WRITE | Pte.DIRTY | Pte.YOUNG);
            memory.vmstat().count(VmStat.Item.PGREUSE);
            table.lock().unlock(task);
            return FaultOutcome.REUSE;
        }
        if (holdsOriginal) {
            folios.get(frame);
        }
        table.lock().unlock(task);
        FaultOutcome outcome = copy(fault);
        if (holdsOriginal) {
            memory.batches().put(frame);
        }
        return outcome;
    }

    /// Exclusive to this mapping, or the last reference to a folio that was shared (`wp_can_reuse_anon_folio`).
    private boolean canReuse(Task task, Vma vma, int frame) {
        if (folios.has(frame, FolioTable.ANON_EXCLUSIVE)) {
            return true;
        }
        if (folios.refcount(frame) > 1 && !folios.has(frame, FolioTable.LRU)) {
            memory.batches().drain(task);
        }
        boolean shared = countsReferences && folios.refcount(frame) > 1;
        if (shared || !memory.folioLocks().trylock(task, frame)) {
            return false;
        }
        folios.moveAnonRmap(frame, Objects.requireNonNull(vma.anonVma()).id());
        memory.folioLocks().unlock(task, frame);
        return true;
    }

    /// The caller holds a reference to the old folio, so it stays what it is (`rule.cow-holds-folio`).
    private FaultOutcome copy(VmFault fault) {
        if (!anonVmaPrepare.prepare(fault)) {
            return FaultOutcome.RETRY;
        }
        Task task = fault.task();
        int original = Pte.frame(fault.entry());
        int frame = memory.allocate(task, 0);
        if (frame == FolioTable.NO_FRAME) {
            return FaultOutcome.OUT_OF_MEMORY;
        }
        task.charge(memory.costs(), Cost.PAGE_COPY);
        memory.copyContents(original, frame);
        PteTable table = fault.lockIfUnchanged();
        if (table == null) {
            memory.batches().put(frame);
            return FaultOutcome.SPURIOUS;
        }
        replace(fault, table, frame, original);
        table.lock().unlock(task);
        memory.putAndFreeSwap(original);
        return FaultOutcome.COW;
    }

    /// `ptep_clear_flush` and the new entry; the old mapping's reference is left to the caller.
    private void replace(VmFault fault, PteTable table, int frame, int original) {
        Task task = fault.task();
        task.charge(memory.costs(), Cost.PTE_SET);
        memory.addNewAnon(task, fault.vma(), fault.address(), frame);
        if (fault.vma().file() != null && !folios.has(original, FolioTable.ANON)) {
            fault.mm().addResident(task, RssMember.FILE, -1);
            fault.mm().addResident(task, RssMember.ANON, 1);
        }
        folios.decrementMapcount(original);
        memory.batches().munlockIn(task.cpu().id(), fault.vma().isMlocked(), original);
        table.update(fault.index(), Pte.of(frame, Pte.ACCESSIBLE | Pte.WRITE | Pte.YOUNG | Pte.DIRTY));
        memory.tlb().flushCopied(task, fault.mm().tgid(), fault.address());
    }
}
