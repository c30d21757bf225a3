package io.janklab.allocator.art;

import io.janklab.kernel.cpu.Task;
import java.util.IdentityHashMap;
import java.util.Map;

/// The concurrent part of one mark-compact collection: every page of the moving space is empty and armed with a userfaultfd, its old
/// contents lie in from-space, and the collector makes the new ones from the top down (`CompactMovingSpace`). A thread that touches a page
/// first takes SIGBUS and makes that page itself (`ConcurrentlyProcessMovingPage`).
final class Compaction {
    /// `kMinFromSpaceMadviseSize`.
    static final long MIN_MADVISE_BYTES = 8 << 20;
    /// The collector's time passes for this many pages at once: its results may be visible slightly too early.
    private static final int PAGES_PER_SETTLE = 8;
    /// Pages kept back for the next ones to be made in: when pages are copied, and when they are moved away.
    private static final long KEPT_FOR_COPY = 4 * MemMap.PAGE;
    private static final long KEPT_FOR_MOVE = 128 * MemMap.PAGE;

    private final HeapParts heap;
    private final SlidePlan plan;
    private final MemMap moving;
    private final MemMap from;
    private final PageStates states;
    private final PagePlacer placer;
    /// Buffers for pages that cannot be made in from-space: the first is the collector's.
    private final long buffers;
    private final Map<Task, Long> mutatorBuffers = new IdentityHashMap<>();
    private final boolean movesPages;

    // Offsets in from-space, maintained by freeFromSpace: everything from here on has been released …
    private long lastReclaimed;
    // … from here on it is no longer needed …
    private long lastReclaimable;
    // … and from here on it has been used again to make pages in.
    private long currentReclaimable;
    private int lastChecked;

    /// @param placer puts pages into the moving space
    /// @param buffers at least one page, and one for each thread that may take SIGBUS
    Compaction(HeapParts heap, SlidePlan plan, MemMap moving, MemMap from, PagePlacer placer, long buffers) {
        this.heap = heap;
        this.plan = plan;
        this.moving = moving;
        this.from = from;
        this.states = new PageStates(plan.pages());
        this.movesPages = heap.options().ioctl() == CompactionIoctl.MOVE;
        this.placer = placer;
        this.buffers = buffers;
        this.lastReclaimed = plan.blackEnd();
        this.lastReclaimable = lastReclaimed;
        this.currentReclaimable = lastReclaimed;
        this.lastChecked = plan.pages();
    }

    private long address(int page) {
        return moving.begin() + page * MemMap.PAGE;
    }

    /// Pages of the space that are armed.
    int pages() {
        return states.count();
    }

    // The collector

    /// Makes and maps every page that no mutator has.
    void run(Task self) {
        int page = slideBlackPages(self);
        int mapEnd = page;
        while (page > plan.densePages()) {
            page--;
            mapEnd = compactPage(self, page, mapEnd);
        }
        while (page > 0) {
            page--;
            process(self, page, from.begin() + page * MemMap.PAGE, false);
            mapEnd = freeFromSpace(self, page, mapEnd) ? page : mapEnd;
        }
        if (mapEnd > 0) {
            mapPages(self, 0, mapEnd, false);
        }
    }

    /// Objects allocated since marking ended: each page is mapped at once.
    private int slideBlackPages(Task self) {
        int page = plan.pages();
        while (page > plan.compactedPages()) {
            page--;
            process(self, page, buffers, true);
            if (page % MemMap.pages(MIN_MADVISE_BYTES) == 0) {
                freeFromSpace(self, page, 0);
            }
        }
        return page;
    }

    /// One page of compacted objects, made in a page of from-space that is no longer needed, if there is one.
    ///
    /// @return where the pages that are ready and not mapped now begin
    private int compactPage(Task self, int page, int mapEnd) {
        boolean reuses = currentReclaimable > lastReclaimable;
        if (reuses) {
            currentReclaimable -= MemMap.PAGE;
        }
        boolean mine = process(self, page, reuses ? from.begin() + currentReclaimable : buffers, !reuses);
        if ((!mine || !reuses) && mapEnd - page > 1) {
            // Pages made from here on lie in other buffers than those before.
            mapPages(self, page + 1, mapEnd, true);
        }
        return freeFromSpace(self, page, mapEnd) ? page : mapEnd;
    }

    /// `DoPageCompactionWithStateChange`.
    ///
    /// @return false if a mutator has come first
    private boolean process(Task self, int page, long buffer, boolean mapAtOnce) {
        if (!states.claim(page, mapAtOnce ? PageStates.PROCESSING_AND_MAPPING : PageStates.PROCESSING)) {
            return false;
        }
        make(self, page, buffer);
        if (page % PAGES_PER_SETTLE == 0) {
            self.settle();
        }
        if (mapAtOnce) {
            placer.copy(self, address(page), buffer, 1, false);
            states.set(page, PageStates.MAPPED);
        } else {
            states.processed(page, buffer);
        }
        return true;
    }

    /// Reads a page's old contents, with all references in it brought up to date, into `buffer`.
    private void make(Task task, int page, long buffer) {
        long offset = page * MemMap.PAGE;
        long source = plan.sourceOf(offset);
        heap.memory().read(task, from.begin() + source, plan.sourceEnd(offset) - source);
        heap.memory().write(task, buffer, MemMap.PAGE);
        task.charge(heap.costs().copyNsPerPage());
    }

    /// Releases the part of from-space that is no longer needed, in large pieces (`FreeFromSpacePages`).
    ///
    /// @return whether the pages from `page` to `mapEnd` are mapped now
    private boolean freeFromSpace(Task self, int page, int mapEnd) {
        int done = lastChecked;
        while (done > page && states.get(done - 1) != PageStates.MUTATOR_PROCESSING) {
            done--;
        }
        if (done == lastChecked) {
            return false;
        }
        long needed = done == plan.pages() ? plan.blackEnd() : MemMap.pageAlign(plan.sourceOf(done * MemMap.PAGE));
        boolean mapped = movesPages ? freeUnused(self, page, mapEnd, needed) : freeMapped(self, page, mapEnd, needed);
        lastReclaimable = Math.min(needed, lastReclaimable);
        lastChecked = done;
        return mapped;
    }

    /// Pages that were made in from-space must be mapped before it is released. If they cannot be mapped at once, mmap_lock is contended,
    /// and `madvise` would only add to that.
    private boolean freeMapped(Task self, int page, int mapEnd, long needed) {
        if (lastReclaimed - needed <= MIN_MADVISE_BYTES || !mapAll(self, page, mapEnd)) {
            return false;
        }
        long bytes = lastReclaimed - needed - KEPT_FOR_COPY;
        lastReclaimed -= bytes;
        currentReclaimable = lastReclaimed;
        from.release(self, from.begin() + lastReclaimed, bytes);
        return true;
    }

    /// Pages that were made in from-space are moved away; the rest is released.
    private boolean freeUnused(Task self, int page, int mapEnd, long needed) {
        boolean mapped = (mapEnd - page) * MemMap.PAGE > MIN_MADVISE_BYTES && mapAll(self, page, mapEnd);
        long unused = currentReclaimable - needed;
        if (unused >= MIN_MADVISE_BYTES) {
            long bytes = unused - KEPT_FOR_MOVE;
            currentReclaimable -= bytes;
            from.release(self, from.begin() + currentReclaimable, bytes);
        }
        return mapped;
    }

    private boolean mapAll(Task self, int page, int mapEnd) {
        return page >= mapEnd || mapPages(self, page, mapEnd, true) == mapEnd - page;
    }

    /// Maps the ready pages of `[first, end)`, as many per ioctl as are consecutive, and waits for those that another thread is working on
    /// (`MapMovingSpacePages`).
    ///
    /// @param mayGiveUp to stop when mmap_lock is contended
    /// @return how many pages from `first` on are mapped
    private int mapPages(Task self, int first, int end, boolean mayGiveUp) {
        for (int page = first; page < end; ) {
            int run = states.readyRun(page, end);
            int mapped = run == 0 ? 1 : placer.place(self, address(page), states.buffer(page), run, mayGiveUp);
            if (mapped == 0) {
                return page - first;
            }
            if (run > 0) {
                states.set(page, mapped, PageStates.MAPPED);
            }
            page += mapped;
        }
        for (int page = first; page < end; page++) {
            awaitMapped(self, page);
        }
        return end - first;
    }

    private void awaitMapped(Task self, int page) {
        for (int attempt = 0; states.get(page) != PageStates.MAPPED; attempt++) {
            BackOff.pause(self, heap.costs(), attempt);
        }
    }

    // Mutators

    /// The page at `offset` is missing (`ConcurrentlyProcessMovingPage`).
    void resolve(Task task, long offset) {
        int page = (int) (offset / MemMap.PAGE);
        if (page >= states.count()) {
            placer.zeropage(task, address(page));
            return;
        }
        for (int attempt = 0; states.get(page) != PageStates.MAPPED; ) {
            if (states.claim(page, PageStates.MUTATOR_PROCESSING)) {
                makeAndMap(task, page);
            } else if (states.get(page) == PageStates.PROCESSED) {
                mapReady(task, page);
            } else {
                BackOff.pause(task, heap.costs(), attempt++);
            }
        }
    }

    private void makeAndMap(Task task, int page) {
        long buffer = page < plan.densePages() ? from.begin() + page * MemMap.PAGE : bufferOf(task);
        make(task, page, buffer);
        states.set(page, PageStates.PROCESSED_AND_MAPPING);
        placer.copy(task, address(page), buffer, 1, false);
        states.set(page, PageStates.MAPPED);
    }

    /// As many consecutive pages as the collector has made, in one call: the thread that needs the first pays for all.
    private void mapReady(Task task, int page) {
        int mapped = placer.copy(task, address(page), states.buffer(page), states.readyRun(page, states.count()), false);
        states.set(page, mapped, PageStates.MAPPED);
    }

    private long bufferOf(Task task) {
        return mutatorBuffers.computeIfAbsent(task, first -> buffers + (mutatorBuffers.size() + 1) * MemMap.PAGE);
    }
}
