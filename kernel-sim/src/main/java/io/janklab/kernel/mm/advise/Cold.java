package io.janklab.kernel.mm.advise;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.page.FolioTable;
import io.janklab.kernel.mm.reclaim.ShrinkFolios;
import io.janklab.kernel.mm.space.MemoryManager;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.MmuGather;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.mm.space.WalkLock;
import io.janklab.kernel.mm.table.Pte;
import io.janklab.kernel.mm.table.PteTable;
import org.jspecify.annotations.Nullable;

/// MADV_COLD and MADV_PAGEOUT: forget that pages were used; PAGEOUT reclaims them at once (Linux `madvise_cold_or_pageout_pte_range`).
/// Pages that other processes map too are left alone.
final class Cold {
    /// `SWAP_CLUSTER_MAX`: so many entries between two looks for a more urgent task.
    private static final int ENTRIES_PER_RESCHED = 32;

    private final Mm mm;
    private final MemoryManager memory;
    private final FolioTable folios;
    private final ShrinkFolios shrink;

    Cold(Mm mm) {
        this.mm = mm;
        this.memory = mm.memory();
        this.folios = memory.folios();
        this.shrink = new ShrinkFolios(memory);
    }

    /// Folios on their way out.
    private static final class Batch {
        final int[] frames = new int[ENTRIES_PER_RESCHED];
        int count;
    }

    void range(Task task, MmuGather gather, WalkLock lock, Vma vma, long start, long end, boolean pageout) {
        lock.enter(task, vma);
        memory.batches().drain(task);
        long address = start;
        PteTable table = mm.firstTable(task, address, end);
        while (table != null) {
            long from = Math.max(address, table.base());
            address = Math.min(Math.min(end, table.end()), from + ENTRIES_PER_RESCHED * Addresses.PAGE_SIZE);
            entries(task, gather, from, address, pageout);
            task.condResched();
            table = address < end ? mm.firstTable(task, address, end) : null;
        }
    }

    private void entries(Task task, MmuGather gather, long from, long to, boolean pageout) {
        int last = PteTable.index(to - 1) + 1;
        PteTable table = mm.ptes().lock(task, from);
        if (table == null) {
            return;
        }
        Batch out = new Batch();
        for (int i = table.nextUsed(PteTable.index(from), last); i < last; i = table.nextUsed(i + 1, last)) {
            task.charge(memory.costs().ns(Cost.FREE_PTE));
            if (Pte.hasFolio(table.get(i)) && folios.mapcount(Pte.frame(table.get(i))) == 1) {
                forget(gather, table, i);
                age(Pte.frame(table.get(i)), pageout ? out : null);
            }
        }
        table.lock().unlock(task);
        // `reclaim_pages`
        shrink.shrink(task, out.frames, out.count, true);
    }

    private void forget(MmuGather gather, PteTable table, int index) {
        long pte = table.get(index);
        if (Pte.has(pte, Pte.YOUNG)) {
            table.clearBits(index, Pte.YOUNG);
            gather.invalidate(table.address(index));
        }
        folios.clear(Pte.frame(pte), FolioTable.REFERENCED);
    }

    /// Isolates the folio if it is to go `out`; else it joins the inactive list (`folio_deactivate`).
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
