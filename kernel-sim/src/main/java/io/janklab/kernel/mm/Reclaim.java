package io.janklab.kernel.mm;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.WaitQueue;
import io.janklab.kernel.trace.TaskState;

/// Takes back lazyfree folios when memory runs short, in kswapd or in whoever needs a page (Linux `mm/vmscan.c`).
///
/// Without swap nothing else can be reclaimed. It never takes mmap_lock or a VMA lock: folio lock, anon_vma lock, page-table lock.
public final class Reclaim {
    private final MemoryManager memory;
    private final Unmap unmap;
    private final WaitQueue kswapdWait = new WaitQueue();

    Reclaim(MemoryManager memory) {
        this.memory = memory;
        this.unmap = new Unmap(memory);
    }

    /// Free memory is low: wakes kswapd, and if even the reserve is touched reclaims at once, in `task`.
    void makeRoom(Task task) {
        if (memory.lru().size(Lru.LAZYFREE) == 0) {
            return;
        }
        kswapdWait.wakeOne(task);
        if (memory.frames().free() <= memory.watermarks().min()) {
            task.settle();
            shrinkUntil(task, memory.watermarks().min() + LruBatches.BATCH_SIZE);
        }
    }

    /// The life of the kswapd thread: reclaims up to the high watermark each time it is woken.
    public void kswapd(Task self) {
        while (true) {
            shrinkUntil(self, memory.watermarks().high());
            self.settle();
            kswapdWait.await(self, TaskState.INTERRUPTIBLE);
        }
    }

    /// Scans the lazyfree list, twice at most since accessed folios get a second chance, until so many pages are free.
    private void shrinkUntil(Task task, int wantedFree) {
        memory.batches().drain(task.cpu().id());
        int budget = memory.lru().size(Lru.LAZYFREE) * 2;
        while (budget-- > 0 && memory.frames().free() < wantedFree && memory.lru().size(Lru.LAZYFREE) > 0) {
            shrinkOldest(task);
            task.settle();
        }
    }

    /// `shrink_folio_list` for the oldest lazyfree folio: isolates it, tries to unmap it, puts it back if it stays.
    private void shrinkOldest(Task task) {
        FolioTable folios = memory.folios();
        int frame = memory.lru().oldest(Lru.LAZYFREE);
        memory.lru().remove(frame);
        folios.clear(frame, FolioTable.LRU);
        folios.get(frame);
        if (memory.folioLocks().trylock(task, frame)) {
            unmap.lazyfree(task, frame);
            memory.folioLocks().unlock(task, frame);
        }
        if (folios.mapcount(frame) > 0) {
            memory.lru().add(frame);
            folios.set(frame, FolioTable.LRU);
        } else {
            task.charge(memory.costs().ns(Cost.PAGE_FREE));
        }
        memory.batches().put(frame);
    }
}
