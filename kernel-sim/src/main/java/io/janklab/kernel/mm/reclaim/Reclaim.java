package io.janklab.kernel.mm.reclaim;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.WaitQueue;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.page.Lru;
import io.janklab.kernel.mm.page.VmStat;
import io.janklab.kernel.mm.space.MemoryManager;
import io.janklab.kernel.trace.TaskState;

/// Reclaims pages when memory runs short, in kswapd or in the task that needs one (Linux `mm/vmscan.c`, the two-list LRU).
///
/// It never takes mmap_lock or a VMA lock: folio lock, anon_vma lock, page-table lock. Without swap only lazyfree folios can go.
public final class Reclaim {
    /// `SWAP_CLUSTER_MAX`: folios per batch.
    static final int BATCH = 32;
    /// `DEF_PRIORITY`: the first pass scans a 4096th of each list.
    private static final int FIRST_PRIORITY = 12;
    /// `MAX_RECLAIM_RETRIES`: fruitless rounds after which kswapd is left asleep.
    private static final int MOST_FAILURES = 16;
    private static final int PAGES_PER_GIB_SHIFT = 30 - Addresses.PAGE_SHIFT;

    private final MemoryManager memory;
    private final Lru lru;
    private final ShrinkFolios folios;
    private final EmptyTableScan emptyTables;
    private final WaitQueue kswapdWait = new WaitQueue();
    private int kswapdFailures;

    /// @param emptyTables is run once it has done what it could
    public Reclaim(MemoryManager memory, EmptyTableScan emptyTables) {
        this.memory = memory;
        this.emptyTables = emptyTables;
        this.lru = memory.lru();
        this.folios = new ShrinkFolios(memory);
    }

    /// Free memory is low: wakes kswapd, and if even the reserve is touched reclaims directly, in `task`, until it is not.
    public void makeRoom(Task task) {
        if (kswapdFailures < MOST_FAILURES) {
            kswapdWait.wakeOne(task);
        }
        boolean progress = true;
        while (progress && memory.frames().free() <= memory.watermarks().min()) {
            progress = reclaimDirectly(task);
        }
    }

    /// `try_to_free_pages`.
    private boolean reclaimDirectly(Task task) {
        task.settle();
        memory.vmstat().count(VmStat.Item.ALLOCSTALL);
        memory.batches().drain(task);
        int freed = 0;
        for (int priority = FIRST_PRIORITY; priority >= 0 && freed < BATCH; priority--) {
            freed += shrinkNode(task, priority, BATCH);
        }
        if (freed > 0) {
            kswapdFailures = 0;
        }
        return freed > 0;
    }

    /// The body of the kswapd thread: reclaims up to the high watermark each time it is woken.
    public void kswapd(Task self) {
        while (true) {
            balance(self);
            self.settle();
            emptyTables.run(self);
            kswapdWait.await(self, TaskState.INTERRUPTIBLE);
        }
    }

    /// `balance_pgdat`: scans more of each list as long as it finds nothing.
    private void balance(Task self) {
        memory.batches().drain(self);
        int priority = FIRST_PRIORITY;
        boolean fruitless = true;
        while (priority >= 0 && memory.frames().free() < memory.watermarks().high()) {
            int freed = shrinkNode(self, priority, memory.watermarks().high());
            fruitless &= freed == 0;
            if (freed == 0) {
                priority--;
            }
        }
        boolean stillLow = memory.frames().free() < memory.watermarks().high();
        kswapdFailures = stillLow && fruitless ? kswapdFailures + 1 : 0;
    }

    /// `user_proactive_reclaim`, as by a write to `memory.reclaim`: goes through every list once, however much memory is free.
    ///
    /// @return how many pages were freed
    public int proactively(Task task, int wanted) {
        memory.batches().drainAll();
        int freed = shrinkNode(task, 0, wanted);
        emptyTables.run(task);
        return freed;
    }

    /// `shrink_lruvec`: a share of each list, in batches, until enough is freed.
    private int shrinkNode(Task task, int priority, int wanted) {
        int[] left = scanCounts(priority);
        int freed = 0;
        while (freed < wanted && left[Lru.INACTIVE_ANON] + left[Lru.INACTIVE_FILE] + left[Lru.ACTIVE_FILE] > 0) {
            for (int list = 0; list < Lru.LISTS; list++) {
                int batch = Math.min(left[list], BATCH);
                left[list] -= batch;
                freed += batch == 0 ? 0 : shrinkList(task, list, batch);
            }
            task.settle();
        }
        if (memory.swap().isOn() && isInactiveLow(Lru.INACTIVE_ANON)) {
            folios.deactivate(task, Lru.ACTIVE_ANON, new int[BATCH], BATCH);
        }
        return freed;
    }

    /// `get_scan_count`: while there is plenty of inactive file memory, lazyfree folios included, anonymous memory is left alone
    /// (`cache_trim_mode`), as it is when there is no swap.
    private int[] scanCounts(int priority) {
        boolean fileOnly = memory.swap().free() == 0 || (lru.size(Lru.INACTIVE_FILE) >> priority > 0 && !isInactiveLow(Lru.INACTIVE_FILE));
        int[] counts = new int[Lru.LISTS];
        for (int list = 0; list < Lru.LISTS; list++) {
            boolean anon = list == Lru.INACTIVE_ANON || list == Lru.ACTIVE_ANON;
            counts[list] = anon && fileOnly ? 0 : lru.size(list) >> priority;
        }
        return counts;
    }

    /// `shrink_list`: active lists are shrunk only while the inactive one is short.
    private int shrinkList(Task task, int list, int most) {
        int[] frames = new int[most];
        if (list == Lru.ACTIVE_ANON || list == Lru.ACTIVE_FILE) {
            if (isInactiveLow(list == Lru.ACTIVE_ANON ? Lru.INACTIVE_ANON : Lru.INACTIVE_FILE)) {
                folios.deactivate(task, list, frames, most);
            }
            return 0;
        }
        int count = folios.isolate(list, frames, most);
        return folios.shrink(task, frames, count, false);
    }

    /// `inactive_is_low`: the larger the lists, the smaller the inactive share.
    private boolean isInactiveLow(int inactiveList) {
        long inactive = lru.size(inactiveList);
        long active = lru.size(inactiveList + Lru.ACTIVE);
        long gib = (inactive + active) >>> PAGES_PER_GIB_SHIFT;
        long ratio = gib == 0 ? 1 : (long) Math.sqrt(10 * gib);
        return inactive * ratio < active;
    }
}
