package io.janklab.kernel.mm.advise;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.page.FolioTable;
import io.janklab.kernel.mm.reclaim.FileRmap;
import io.janklab.kernel.mm.space.MemoryManager;
import io.janklab.kernel.mm.space.VirtualFile;

/// `fallocate(2)` with FALLOC_FL_PUNCH_HOLE: pages of a file leave every mapping and memory; what is read there next is zeroes (Linux
/// `truncate_inode_pages_range`).
///
/// Huge folios stay: nothing that may punch has any.
final class PunchHole {
    private final MemoryManager memory;
    private final FileRmap rmap;

    PunchHole(MemoryManager memory) {
        this.memory = memory;
        this.rmap = new FileRmap(memory);
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
