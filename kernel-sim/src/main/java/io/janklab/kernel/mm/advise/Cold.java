package io.janklab.kernel.mm.advise;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.page.FolioTable;
import io.janklab.kernel.mm.reclaim.ShrinkFilePages;
import io.janklab.kernel.mm.reclaim.ShrinkFolios;
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

    Cold(Mm mm) {
        this.mm = mm;
        this.memory = mm.memory();
        this.folios = memory.folios();
        this.shrink = new ShrinkFolios(memory);
        this.shrinkFilePages = new ShrinkFilePages(memory);
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
        mm.hugePmds().walk(task, start, end, huge -> !pageout && whole(task, gather, huge),
                (from, to) -> tables(task, gather, vma, from, to, pageout));
    }

    /// A huge folio is cold as a whole, but reclaimed page by page: there is no swap for huge ones.
    private boolean whole(Task task, MmuGather gather, HugePmd huge) {
        task.charge(memory.costs().ns(Cost.FREE_PTE));
        int frame = Pte.frame(huge.entry());
        if (!Pte.hasFolio(huge.entry()) || folios.mapcount(frame) != 1) {
            return true;
        }
        if (Pte.has(huge.entry(), Pte.YOUNG)) {
            huge.update(huge.entry() & ~Pte.YOUNG);
            gather.invalidate(huge.base(), huge.end());
        }
        folios.clear(frame, FolioTable.REFERENCED);
        age(frame, null);
        return true;
    }

    private void tables(Task task, MmuGather gather, Vma vma, long start, long end, boolean pageout) {
        PteTable table = mm.firstTable(task, start, end);
        while (table != null) {
            long to = Math.min(end, table.end());
            table(task, gather, vma, Math.max(start, table.base()), to, pageout);
            task.condResched();
            table = to < end ? mm.firstTable(task, to, end) : null;
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
            shrink.shrink(task, out.frames, out.count, true);
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
        boolean makesWay = false;
        while (i < last && !makesWay) {
            entry(task, gather, vma, table, i, out);
            i = table.nextUsed(i + 1, last);
            if (i >= nextLook) {
                nextLook = i + ENTRIES_PER_LOOK;
                task.settle();
                makesWay = task.needResched();
            }
        }
        table.lock().unlock(task);
        return table.address(i);
    }

    private void entry(Task task, MmuGather gather, Vma vma, PteTable table, int index, @Nullable Batch out) {
        task.charge(memory.costs().ns(Cost.FREE_PTE));
        long pte = table.get(index);
        if (Pte.hasFolio(pte) && folios.mapcount(Pte.frame(pte)) == 1) {
            forget(gather, table, index);
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

    private void forget(MmuGather gather, PteTable table, int index) {
        long pte = table.get(index);
        if (Pte.has(pte, Pte.YOUNG)) {
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
