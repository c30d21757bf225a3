package io.janklab.kernel.mm;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.cpu.Task;

/// A write to a folio mapped read-only: reuse it if nobody else has it, or copy it (Linux `do_wp_page`, `wp_page_copy`).
final class CopyOnWrite {
    private final Mm mm;
    private final MemoryManager memory;
    private final FolioTable folios;
    private final FaultHandler faults;
    private final boolean countsReferences;
    private final boolean holdsOriginal;

    CopyOnWrite(Mm mm, FaultHandler faults) {
        this.mm = mm;
        this.memory = mm.memory();
        this.folios = memory.folios();
        this.faults = faults;
        this.countsReferences = memory.profile().keeps(Switch.RULE_COW_REFCOUNT);
        this.holdsOriginal = memory.profile().keeps(Switch.RULE_COW_HOLDS_FOLIO);
    }

    /// `pte` was read without the table's lock.
    VmFault fault(Task task, Vma vma, long address, long pte, int flags) {
        PteTable table = faults.lockIfUnchanged(task, address, pte);
        if (table == null) {
            return VmFault.SPURIOUS;
        }
        int frame = Pte.frame(pte);
        if (canReuse(task, vma, frame)) {
            task.charge(memory.costs().ns(Cost.PTE_SET));
            table.update(PteTable.index(address), pte | Pte.WRITE | Pte.DIRTY | Pte.YOUNG);
            memory.vmstat().count(VmStat.Item.PGREUSE);
            table.lock().unlock(task);
            return VmFault.REUSE;
        }
        if (holdsOriginal) {
            folios.get(frame);
        }
        table.lock().unlock(task);
        VmFault outcome = copy(task, vma, address, pte, flags);
        if (holdsOriginal) {
            memory.batches().put(frame);
        }
        return outcome;
    }

    /// Exclusive to this mapping, or the last reference of what had been shared (`wp_can_reuse_anon_folio`).
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
        folios.moveAnonRmap(frame, vma.anonVma().id());
        memory.folioLocks().unlock(task, frame);
        return true;
    }

    /// The caller holds a reference to the old folio, so it stays what it is (`rule.cow-holds-folio`).
    private VmFault copy(Task task, Vma vma, long address, long old, int flags) {
        if (!faults.prepareAnonVma(task, vma, flags)) {
            return VmFault.RETRY;
        }
        int frame = memory.allocate(task, 0);
        if (frame == FolioTable.NO_FRAME) {
            return VmFault.OUT_OF_MEMORY;
        }
        task.charge(memory.costs().ns(Cost.PAGE_COPY));
        memory.copyContents(Pte.frame(old), frame);
        PteTable table = faults.lockIfUnchanged(task, address, old);
        if (table == null) {
            memory.batches().put(frame);
            return VmFault.SPURIOUS;
        }
        replace(task, vma, address, table, frame, old);
        table.lock().unlock(task);
        memory.putAndFreeSwap(Pte.frame(old));
        return VmFault.COW;
    }

    /// `ptep_clear_flush` and the new entry; the old mapping's reference is left to the caller.
    private void replace(Task task, Vma vma, long address, PteTable table, int frame, long old) {
        task.charge(memory.costs().ns(Cost.PTE_SET));
        folios.setAnon(frame, vma.anonVma().id(), vma.index(address));
        folios.incrementMapcount(frame);
        memory.batches().addLru(task, vma, frame);
        folios.decrementMapcount(Pte.frame(old));
        memory.batches().munlockIn(task.cpu().id(), vma, Pte.frame(old));
        table.update(PteTable.index(address), Pte.of(frame, Pte.ACCESSIBLE | Pte.WRITE | Pte.YOUNG | Pte.DIRTY));
        faults.flushCopied(task, address);
    }
}
