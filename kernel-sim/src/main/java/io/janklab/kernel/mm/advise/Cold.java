package io.janklab.kernel.mm.advise;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.page.FolioTable;
import io.janklab.kernel.mm.reclaim.ShrinkFilePages;
import io.janklab.kernel.mm.reclaim.ShrinkFolios;
import io.janklab.kernel.mm.reclaim.SplitFolio;
import io.janklab.kernel.mm.space.MemoryManager;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.MmuGather;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.mm.space.WalkLock;
import io.janklab.kernel.mm.table.HugePmd;
import io.janklab.kernel.mm.table.Pte;
import io.janklab.kernel.mm.table.PteTable;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// MADV_COLD and MADV_PAGEOUT: forget that pages were used; PAGEOUT reclaims them at once (Linux `madvise_cold_or_pageout_pte_range`).
/// Pages that other processes map too are left alone.
final class Cold {
    /// `SWAP_CLUSTER_MAX`: entries between two checks for a more urgent task.
    private static final int ENTRIES_PER_LOOK = 32;

    private final Mm mm;
    private final MemoryManager memory;
    private final FolioTable folios;
    private final ShrinkFolios shrink;
    private final ShrinkFilePages shrinkFilePages;
    private final SplitFolio splitFolio;
    /// Lazyfree huge pages as they are (6.11).
    private final boolean dropsLazyfree;
    private final boolean ignoresUse;

    Cold(Mm mm) {
        this.mm = mm;
        this.memory = mm.memory();
        this.folios = memory.folios();
        this.shrink = new ShrinkFolios(memory);
        this.shrinkFilePages = new ShrinkFilePages(memory);
        this.splitFolio = new SplitFolio(memory);
        this.ignoresUse = memory.profile().is(Switch.MADVISE_PAGEOUT_USE, SwitchValue.IGNORE);
        this.dropsLazyfree = !splitFolio.splitsWholeOnes();
    }

    /// Folios of one table that are being reclaimed.
    private static final class Batch {
        final int[] frames = new int[PteTable.ENTRIES];
        int count;
        /// Pages of the VMA's file.
        final long[] filePages = new long[PteTable.ENTRIES];
        final int[] fileFrames = new int[PteTable.ENTRIES];
        int fileCount;
    }

    void range(Task task, MmuGather gather, WalkLock lock, Vma vma, long start, long end, boolean pageout) {
        lock.enter(task, vma);
        memory.batches().drain(task);
        mm.hugePmds().walkParts(task, start, end, (huge, from, to) -> huge(task, gather, vma, huge, from, to, pageout),
                (from, to) -> tables(task, gather, vma, from, to, pageout));
    }

    /// A huge folio without other mappings is cold as a whole. One of which only part lies in the range is split; so is one that is to be
    /// reclaimed, for there is no swap for huge ones, unless it is lazyfree.
    ///
    /// @return false if there is a table now
    private boolean huge(Task task, MmuGather gather, Vma vma, HugePmd huge, long from, long to, boolean pageout) {
        mm.pmdLock().lock(task);
        boolean still = mm.pageTable().huge(huge.base()) == huge;
        int frame = Pte.frame(huge.entry());
        boolean ours = still && Pte.hasFolio(huge.entry()) && !splitFolio.isShared(mm, frame);
        boolean whole = from == huge.base() && to == huge.end();
        boolean dropped = ours && whole && pageout && dropsLazyfree && folios.isLazyfree(frame) && mm.hugePmds().isWhole(huge);
        boolean splits = ours && !dropped && !(whole && !pageout);
        if (splits) {
            folios.get(frame);
        } else if (ours && !dropped) {
            cool(task, gather, huge);
        }
        mm.pmdLock().unlock(task);
        if (splits) {
            memory.folioLocks().lock(task, frame);
            splitFolio.split(task, huge, mm);
        } else if (dropped) {
            drop(task, gather, vma, huge);
        }
        return !splits;
    }

    private void cool(Task task, MmuGather gather, HugePmd huge) {
        task.charge(memory.costs(), Cost.FREE_PTE);
        if (Pte.has(huge.entry(), Pte.YOUNG)) {
            huge.update(huge.entry() & ~Pte.YOUNG);
            gather.invalidateHuge(huge.base(), huge.end());
        }
        mm.hugePmds().forEachFolio(huge, entry -> {
            folios.clear(Pte.frame(entry), FolioTable.REFERENCED);
            age(Pte.frame(entry), null);
        });
    }

    /// One that has been written to needs swap again.
    private void drop(Task task, MmuGather gather, Vma vma, HugePmd huge) {
        int frame = Pte.frame(huge.entry());
        if (!mm.hugePmds().discard(task, gather, vma, huge) && memory.lru().isolate(frame)) {
            folios.set(frame, FolioTable.SWAPBACKED | FolioTable.ACTIVE);
            memory.batches().putBack(frame);
        }
    }

    private void tables(Task task, MmuGather gather, Vma vma, long start, long end, boolean pageout) {
        PteTable table = mm.pageTable().first(start, end);
        while (table != null && !task.isKilled()) {
            table(task, gather, vma, Math.max(start, table.base()), Math.min(end, table.end()), pageout);
            task.condResched();
            table = mm.pageTable().next(table, end);
        }
    }

    /// The part of a range below one table; folios are reclaimed once all of it has been scanned (`reclaim_pages`).
    private void table(Task task, MmuGather gather, Vma vma, long from, long to, boolean pageout) {
        Batch out = pageout ? new Batch() : null;
        long at = from;
        while (at < to) {
            at = entries(task, gather, vma, at, to, out);
            task.condResched();
        }
        if (out != null) {
            shrink.shrink(task, out.frames, out.count, ignoresUse);
            for (int i = 0; i < out.fileCount; i++) {
                task.condResched();
                shrinkFilePages.shrink(task, Objects.requireNonNull(vma.file()), out.filePages[i], out.fileFrames[i]);
            }
        }
    }

    /// Continues under the table's lock unless, at a check every few entries, a more urgent task waits.
    ///
    /// @return where to go on
    private long entries(Task task, MmuGather gather, Vma vma, long from, long to, @Nullable Batch out) {
        int last = PteTable.index(to - 1) + 1;
        PteTable table = mm.ptes().lock(task, from);
        if (table == null) {
            return to;
        }
        int nextLook = PteTable.index(from) + ENTRIES_PER_LOOK;
        int i = table.nextUsed(PteTable.index(from), last);
        // Entries below map pages that are dealt with one by one.
        int known = i;
        boolean makesWay = false;
        while (i < last && !makesWay) {
            int next = i + 1;
            if (i >= known && splitFolio.mapsPart(table.get(i))) {
                int pages = splitFolio.batch(table, i, last);
                if (!splitFolio.splitsWholeOnes() && SplitFolio.isWhole(pages) && !mustSplit(table, i, out)) {
                    known = i + pages;
                    next = splitFolio.isShared(mm, Pte.frame(table.get(i))) ? known : i;
                } else if (splitFolio.tryToSplit(task, mm, table, i)) {
                    return table.address(i);
                } else {
                    next = splitFolio.splitsWholeOnes() ? last : i + pages;
                }
            } else {
                entry(task, gather, vma, table, i, out);
            }
            i = table.nextUsed(next, last);
            if (i >= nextLook) {
                nextLook = i + ENTRIES_PER_LOOK;
                task.settle();
                makesWay = task.needResched();
            }
        }
        table.lock().unlock(task);
        return table.address(i);
    }

    /// What is swapped out is.
    private boolean mustSplit(PteTable table, int index, @Nullable Batch out) {
        return out != null && !folios.isLazyfree(Pte.frame(table.get(index)));
    }

    private void entry(Task task, MmuGather gather, Vma vma, PteTable table, int index, @Nullable Batch out) {
        task.charge(memory.costs(), Cost.FREE_PTE);
        long pte = table.get(index);
        if (Pte.hasFolio(pte) && folios.mapcount(Pte.frame(pte)) == 1 && !isTaken(Pte.frame(pte))) {
            forget(gather, table, index, out != null && ignoresUse);
            if (out != null && isFilePage(Pte.frame(pte))) {
                folios.get(Pte.frame(pte));
                out.filePages[out.fileCount] = vma.index(table.address(index));
                out.fileFrames[out.fileCount++] = Pte.frame(pte);
            } else {
                age(Pte.frame(pte), out);
            }
        }
    }

    private boolean isFilePage(int frame) {
        return !folios.has(frame, FolioTable.ANON) && !folios.has(folios.head(frame), FolioTable.LARGE);
    }

    /// A folio that another task has taken off its list, or that waits in a core's batch, is left alone; files' are on none.
    private boolean isTaken(int frame) {
        return folios.has(frame, FolioTable.ANON) && !folios.has(frame, FolioTable.LRU);
    }

    private void forget(MmuGather gather, PteTable table, int index, boolean keepsAccessed) {
        long pte = table.get(index);
        if (!keepsAccessed && Pte.has(pte, Pte.YOUNG)) {
            table.clearBits(index, Pte.YOUNG);
            gather.invalidate(table.address(index));
        }
        folios.clear(Pte.frame(pte), FolioTable.REFERENCED);
    }

    /// Isolates the folio if `out`; else moves it to the inactive list (`folio_deactivate`).
    private void age(int frame, @Nullable Batch out) {
        if (!folios.has(frame, FolioTable.LRU) || folios.has(frame, FolioTable.UNEVICTABLE)) {
            return;
        }
        if (out != null) {
            if (memory.lru().isolate(frame)) {
                out.frames[out.count++] = frame;
            }
        } else {
            deactivate(frame);
        }
    }

    private void deactivate(int frame) {
        memory.lru().lock();
        if (folios.has(frame, FolioTable.LRU | FolioTable.ACTIVE)) {
            memory.lru().remove(frame);
            folios.clear(frame, FolioTable.ACTIVE);
            memory.lru().add(frame);
        }
        memory.lru().unlock();
    }
}
