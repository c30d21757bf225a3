package io.janklab.kernel.mm.advise;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.lock.RwSemaphore;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.page.FolioTable;
import io.janklab.kernel.mm.page.FrameAllocator;
import io.janklab.kernel.mm.reclaim.FileRmap;
import io.janklab.kernel.mm.space.HugetlbUnmap;
import io.janklab.kernel.mm.space.MemoryManager;
import io.janklab.kernel.mm.space.VirtualFile;
import io.janklab.kernel.mm.space.Vma;

/// `fallocate(2)` with FALLOC_FL_PUNCH_HOLE: pages of a file leave every mapping and memory; what is read there next is zeroes (Linux
/// `truncate_inode_pages_range`).
///
/// Huge folios stay: nothing that may punch has any.
final class PunchHole {
    private final MemoryManager memory;
    private final FileRmap rmap;
    private final HugetlbUnmap hugetlb;

    PunchHole(MemoryManager memory) {
        this.memory = memory;
        this.rmap = new FileRmap(memory);
        this.hugetlb = new HugetlbUnmap(memory);
    }

    void punch(Task task, VirtualFile file, long first, long last) {
        for (long index = first; index < Math.min(last, file.pages()); index++) {
            int frame = memory.pageCache().get(file, index);
            if (frame != FolioTable.NO_FRAME) {
                remove(task, file, index, frame);
            }
            task.condResched();
        }
    }

    /// Whole pages alone leave; of others that the hole reaches into, what is inside it is cleared (`hugetlbfs_punch_hole`).
    void punchHugetlb(Task task, VirtualFile file, long first, long last) {
        long pages = file.reservations().pageSize() >>> Addresses.PAGE_SHIFT;
        long from = first + pages - 1 & -pages;
        long to = last & -pages;
        if (from > to) {
            clear(task, file, first, last);
            return;
        }
        clear(task, file, first, Math.min(from, last));
        for (long index = from; index < to; index += pages) {
            removeHugetlb(task, file, index);
            task.condResched();
        }
        clear(task, file, Math.max(to, first), last);
    }

    /// `hugetlbfs_zero_partial_page`.
    private void clear(Task task, VirtualFile file, long first, long last) {
        for (long index = first; index < last; index++) {
            int head = file.frame(index & -FrameAllocator.HUGE_FRAMES);
            if (head != FolioTable.NO_FRAME) {
                task.charge(memory.costs(), Cost.PAGE_ZERO);
                memory.copyContents(FolioTable.NO_FRAME, head + (int) (index & FrameAllocator.HUGE_FRAMES - 1));
            }
        }
    }

    /// `remove_inode_single_folio`, `hugetlb_unmap_file_folio`: no fault at that page meanwhile.
    private void removeHugetlb(Task task, VirtualFile file, long index) {
        RwSemaphore mutex = memory.hugetlb().faultMutex(file.inode(), index);
        mutex.downWrite(task);
        int frame = file.frame(index);
        if (frame != FolioTable.NO_FRAME) {
            file.mmapRwsem().downWrite(task);
            for (Vma vma : file.mappings()) {
                if (vma.contains(vma.address(index))) {
                    hugetlb.page(task, vma, index);
                }
            }
            file.mmapRwsem().upWrite(task);
            memory.pageCache().remove(file, index, frame);
        }
        mutex.upWrite(task);
    }

    /// Under the folio's lock, for which it waits; a fault that waits too finds that the page has gone.
    private void remove(Task task, VirtualFile file, long index, int frame) {
        int folio = memory.folios().head(frame);
        memory.folioLocks().lock(task, folio);
        if (file.frame(index) == frame && !memory.folios().has(folio, FolioTable.LARGE)) {
            rmap.unmap(task, file, index, frame, false);
            task.charge(memory.costs(), Cost.PAGE_FREE);
            memory.pageCache().remove(file, index, frame);
        }
        memory.folioLocks().unlock(task, folio);
        memory.batches().put(folio);
    }
}
