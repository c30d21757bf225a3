package io.janklab.kernel.mm.reclaim;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.page.FolioTable;
import io.janklab.kernel.mm.space.MemoryManager;
import io.janklab.kernel.mm.space.VirtualFile;

/// Reclaims pages of files, for MADV_PAGEOUT (Linux `shrink_folio_list`): unmaps them, and frees clean ones without other users.
///
/// A dirty page is left to the flusher, and shared anonymous memory that has been written to needs swap; both stay in memory, unmapped.
public final class ShrinkFilePages {
    private final MemoryManager memory;
    private final FolioTable folios;
    private final FileRmap rmap;

    public ShrinkFilePages(MemoryManager memory) {
        this.memory = memory;
        this.folios = memory.folios();
        this.rmap = new FileRmap(memory);
    }

    /// @param frame the page's folio, to which the caller has a reference; this drops it
    public void shrink(Task task, VirtualFile file, long index, int frame) {
        if (memory.folioLocks().trylock(task, frame)) {
            if (file.frame(index) == frame) {
                reclaim(task, file, index, frame);
            }
            memory.folioLocks().unlock(task, frame);
        }
        memory.batches().put(frame);
    }

    private void reclaim(Task task, VirtualFile file, long index, int frame) {
        rmap.unmap(task, file, index, frame, true);
        if (folios.has(frame, FolioTable.DIRTY)) {
            folios.set(frame, file.isShmem() ? 0 : FolioTable.RECLAIM);
        } else if (folios.refcount(frame) == 2) {
            task.charge(memory.costs(), Cost.PAGE_FREE);
            memory.pageCache().remove(file, index, frame);
        }
    }
}
