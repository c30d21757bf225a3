package io.janklab.kernel.mm.advise;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.page.FolioTable;
import io.janklab.kernel.mm.reclaim.EmptyTableScan;
import io.janklab.kernel.mm.space.MemoryManager;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.MmuGather;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.mm.space.WalkLock;
import io.janklab.kernel.mm.table.HugePmd;
import io.janklab.kernel.mm.table.Pte;
import io.janklab.kernel.mm.table.PteTable;

/// MADV_FREE: pages may be dropped until they are written to (Linux `madvise_free_pte_range`).
///
/// One table is walked under its lock without checking whether a more urgent task waits.
final class Lazyfree {
    private final Mm mm;
    private final MemoryManager memory;
    private final EmptyTableScan emptyTables;

    /// @param emptyTables looks later at the tables it has gone through
    Lazyfree(Mm mm, EmptyTableScan emptyTables) {
        this.mm = mm;
        this.emptyTables = emptyTables;
        this.memory = mm.memory();
    }

    void range(Task task, MmuGather gather, WalkLock lock, Vma vma, long start, long end) {
        lock.enter(task, vma);
        memory.batches().drain(task);
        mm.hugePmds().walk(task, start, end, huge -> whole(task, gather, huge), (from, to) -> tables(task, gather, from, to));
    }

    /// `madvise_free_huge_pmd`. The huge zero page, and a folio that is locked or shared, stay as they are.
    private boolean whole(Task task, MmuGather gather, HugePmd huge) {
        task.charge(memory.costs().ns(Cost.FREE_PTE));
        int frame = Pte.frame(huge.entry());
        if (!Pte.hasFolio(huge.entry()) || !cleanFolio(task, frame)) {
            return true;
        }
        if ((huge.entry() & (Pte.YOUNG | Pte.DIRTY)) != 0) {
            huge.update(huge.entry() & ~(Pte.YOUNG | Pte.DIRTY));
            gather.invalidate(huge.base(), huge.end());
        }
        if (memory.batches().markLazyfree(task.cpu().id(), frame)) {
            task.charge(memory.costs().ns(Cost.LRU_MOVE));
        }
        return true;
    }

    private void tables(Task task, MmuGather gather, long start, long end) {
        PteTable table = mm.firstTable(task, start, end);
        while (table != null) {
            long to = Math.min(end, table.end());
            entries(task, gather, Math.max(start, table.base()), to);
            if (start <= table.base() && to == table.end()) {
                emptyTables.note(mm, table.base());
            }
            task.condResched();
            table = to < end ? mm.firstTable(task, to, end) : null;
        }
    }

    private void entries(Task task, MmuGather gather, long from, long to) {
        int last = PteTable.index(to - 1) + 1;
        PteTable table = mm.ptes().lock(task, from);
        if (table == null) {
            return;
        }
        for (int i = table.nextUsed(PteTable.index(from), last); i < last; i = table.nextUsed(i + 1, last)) {
            if (Pte.hasFolio(table.get(i))) {
                free(task, gather, table, i);
            } else if (Pte.isSwap(table.get(i))) {
                mm.dropSwap(task, table.get(i));
                table.clear(i);
            }
        }
        table.lock().unlock(task);
    }

    private void free(Task task, MmuGather gather, PteTable table, int index) {
        task.charge(memory.costs().ns(Cost.FREE_PTE));
        long pte = table.get(index);
        int frame = Pte.frame(pte);
        boolean needsLock = memory.folios().has(frame, FolioTable.DIRTY) || memory.folios().has(frame, FolioTable.SWAPCACHE);
        if (needsLock && !cleanFolio(task, frame)) {
            return;
        }
        if ((pte & (Pte.YOUNG | Pte.DIRTY)) != 0) {
            table.clearBits(index, Pte.YOUNG | Pte.DIRTY);
            gather.invalidate(table.address(index));
        }
        if (memory.batches().markLazyfree(task.cpu().id(), frame)) {
            task.charge(memory.costs().ns(Cost.LRU_MOVE));
        }
    }

    /// A folio that is dirty, or in the swap cache, is cleaned and taken out of it under its lock; one that is locked, or shared, or whose
    /// swap others need, is left alone.
    private boolean cleanFolio(Task task, int frame) {
        if (!memory.folioLocks().trylock(task, frame)) {
            return false;
        }
        boolean ours = memory.folios().mapcount(frame) == 1 && memory.swap().tryFree(frame);
        if (ours) {
            memory.folios().clear(frame, FolioTable.DIRTY);
        }
        memory.folioLocks().unlock(task, frame);
        return ours;
    }
}
