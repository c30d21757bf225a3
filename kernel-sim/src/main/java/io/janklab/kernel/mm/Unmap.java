package io.janklab.kernel.mm;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.cpu.Task;

/// Finds the entry that maps a folio and removes it (Linux `mm/rmap.c`: `rmap_walk_anon`, `try_to_unmap_one`).
final class Unmap {
    private final MemoryManager memory;

    Unmap(MemoryManager memory) {
        this.memory = memory;
    }

    /// Unmaps an isolated, locked lazyfree folio unless it has been accessed (kept once), written to (kept for good), or is in use
    /// elsewhere.
    void lazyfree(Task task, int frame) {
        AnonVma anonVma = memory.anonVmas().get(memory.folios().anonVmaId(frame));
        if (anonVma == null || memory.folios().mapcount(frame) == 0) {
            return;
        }
        anonVma.rwsem().downRead(task);
        long index = memory.folios().index(frame);
        anonVma.forEach(index, vma -> unmapFrom(task, vma.mm(), vma.address(index), frame));
        anonVma.rwsem().upRead(task);
    }

    private void unmapFrom(Task task, Mm mm, long address, int frame) {
        task.charge(memory.costs().ns(Cost.FAULT_WALK));
        PteTable table = mm.ptes().lock(task, address);
        if (table == null) {
            return;
        }
        int index = PteTable.index(address);
        long pte = table.get(index);
        if (Pte.hasFolio(pte) && Pte.frame(pte) == frame) {
            decide(task, mm, table, index, pte, frame);
        }
        table.lock().unlock(task);
    }

    private void decide(Task task, Mm mm, PteTable table, int index, long pte, int frame) {
        FolioTable folios = memory.folios();
        if (Pte.has(pte, Pte.YOUNG) && !folios.has(frame, FolioTable.REFERENCED)) {
            table.update(index, pte & ~Pte.YOUNG);
            folios.set(frame, FolioTable.REFERENCED);
            return;
        }
        memory.tlb().flush(task, mm, 1);
        if (Pte.has(pte, Pte.DIRTY) || folios.has(frame, FolioTable.DIRTY)) {
            folios.set(frame, FolioTable.SWAPBACKED | FolioTable.DIRTY);
            return;
        }
        boolean usedElsewhere = folios.refcount(frame) != 1 + folios.mapcount(frame);
        if (!usedElsewhere) {
            task.charge(memory.costs().ns(Cost.ZAP_PTE));
            table.clear(index);
            folios.decrementMapcount(frame);
            folios.putTestZero(frame);
            mm.addResident(task, -1);
            memory.vmstat().count(VmStat.Item.PGLAZYFREED);
        }
    }
}
