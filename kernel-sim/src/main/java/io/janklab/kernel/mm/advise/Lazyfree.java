package io.janklab.kernel.mm.advise;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.page.FolioTable;
import io.janklab.kernel.mm.reclaim.EmptyTableScan;
import io.janklab.kernel.mm.reclaim.SplitFolio;
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
    private final SplitFolio splitFolio;

    /// @param emptyTables looks later at the tables it has gone through
    Lazyfree(Mm mm, EmptyTableScan emptyTables) {
        this.mm = mm;
        this.emptyTables = emptyTables;
        this.memory = mm.memory();
        this.splitFolio = new SplitFolio(memory);
    }

    void range(Task task, MmuGather gather, WalkLock lock, Vma vma, long start, long end) {
        lock.enter(task, vma);
        memory.batches().drain(task);
        mm.hugePmds().walkParts(task, start, end, (huge, from, to) -> huge(task, gather, huge, from, to),
                (from, to) -> tables(task, gather, from, to));
    }

    /// `madvise_free_huge_pmd`. The huge zero page, and a folio that is locked or shared, stay as they are; one of which only part lies in
    /// the range is split, so that no more than that part becomes lazyfree.
    ///
    /// @return false if there is a table now
    private boolean huge(Task task, MmuGather gather, HugePmd huge, long from, long to) {
        mm.pmdLock().lock(task);
        boolean still = mm.pageTable().huge(huge.base()) == huge;
        int frame = Pte.frame(huge.entry());
        boolean ours = still && Pte.hasFolio(huge.entry()) && !splitFolio.isShared(mm, frame) && memory.folioLocks().trylock(task, frame);
        boolean parts = ours && !(from == huge.base() && to == huge.end());
        if (parts) {
            memory.folios().get(frame);
        } else if (ours) {
            whole(task, gather, huge);
            memory.folioLocks().unlock(task, frame);
        }
        mm.pmdLock().unlock(task);
        if (parts) {
            splitFolio.split(task, huge, mm);
        }
        return still && !parts;
    }

    private void whole(Task task, MmuGather gather, HugePmd huge) {
        task.charge(memory.costs(), Cost.FREE_PTE);
        if ((huge.entry() & (Pte.YOUNG | Pte.DIRTY)) != 0) {
            huge.update(huge.entry() & ~(Pte.YOUNG | Pte.DIRTY));
            gather.invalidateHuge(huge.base(), huge.end());
        }
        mm.hugePmds().forEachFolio(huge, entry -> {
            memory.folios().clear(Pte.frame(entry), FolioTable.DIRTY);
            if (memory.batches().markLazyfree(task.cpu().id(), Pte.frame(entry))) {
                task.charge(memory.costs(), Cost.LRU_MOVE);
            }
        });
    }

    private void tables(Task task, MmuGather gather, long start, long end) {
        PteTable table = mm.pageTable().first(start, end);
        while (table != null) {
            long to = Math.min(end, table.end());
            entries(task, gather, Math.max(start, table.base()), to);
            if (start <= table.base() && to == table.end()) {
                emptyTables.note(mm, table.base());
            }
            task.condResched();
            table = mm.pageTable().next(table, end);
        }
    }

    private void entries(Task task, MmuGather gather, long from, long to) {
        int last = PteTable.index(to - 1) + 1;
        int next = PteTable.index(from);
        // Entries below map pages that are dealt with one by one.
        int known = next;
        PteTable table = mm.ptes().lock(task, from);
        while (table != null && next < last) {
            int i = table.nextUsed(next, last);
            if (i < last && i >= known && splitFolio.mapsPart(table.get(i))) {
                int pages = splitFolio.batch(table, i, last);
                if (!splitFolio.splitsWholeOnes() && SplitFolio.isWhole(pages)) {
                    known = i + pages;
                    next = mayBeFreed(table, i) ? i : known;
                } else if (splitFolio.tryToSplit(task, mm, table, i)) {
                    table = mm.ptes().lock(task, from);
                    next = i;
                } else {
                    next = splitFolio.splitsWholeOnes() ? last : i + pages;
                }
            } else {
                if (i < last) {
                    entry(task, gather, table, i);
                }
                next = i + 1;
            }
        }
        if (table != null) {
            table.lock().unlock(task);
        }
    }

    /// A dirty folio must be the caller's alone.
    private boolean mayBeFreed(PteTable table, int index) {
        int frame = Pte.frame(table.get(index));
        return !splitFolio.isDirty(frame) || !splitFolio.isShared(mm, frame);
    }

    private void entry(Task task, MmuGather gather, PteTable table, int index) {
        if (Pte.hasFolio(table.get(index))) {
            free(task, gather, table, index);
        } else if (Pte.isSwap(table.get(index))) {
            mm.dropSwap(task, table.get(index));
            table.clear(index);
        } else if (table.get(index) == Pte.POISON) {
            table.clear(index);
        }
    }

    private void free(Task task, MmuGather gather, PteTable table, int index) {
        task.charge(memory.costs(), Cost.FREE_PTE);
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
            task.charge(memory.costs(), Cost.LRU_MOVE);
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
