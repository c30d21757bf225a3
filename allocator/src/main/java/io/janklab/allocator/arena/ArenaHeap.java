package io.janklab.allocator.arena;

import io.janklab.allocator.DecayingHeap;
import io.janklab.allocator.HeapCost;
import io.janklab.allocator.HeapCosts;
import io.janklab.allocator.HeapMisuse;
import io.janklab.allocator.HeapOption;
import io.janklab.allocator.HeapOptions;
import io.janklab.allocator.HeapStats;
import io.janklab.allocator.Purger;
import io.janklab.allocator.Requests;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.syscall.Syscalls;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A process's heap, as in jemalloc 5.3.0 (`src/jemalloc.c`).
public final class ArenaHeap implements DecayingHeap {
    private final HeapOptions options;
    private final HeapCosts costs;
    private final Emap emap = new Emap();
    private final Blocks blocks = new Blocks(emap);
    private final Threads threads;
    private final Arenas arenas;
    private final CacheLayout cacheLayout;
    private final Pages pages;
    private final BackgroundThreads backgroundThreads;
    private final long oversizeThreshold;
    private final boolean caches;
    private final boolean reallocZeroFrees;
    private final long mallocNs;
    private final long freeNs;
    private final long initNs;
    private final long zeroKibNs;
    private final long copyKibNs;
    /// Calls of `realloc(p, 0)`.
    private long zeroReallocs;
    private Consumer<Task> unusedPagesListener = task -> {};

    /// @param cpus as `sysconf` reports them; decides the number of arenas if the options do not
    /// @param seed of the heap's own randomness (placement of large blocks, decay jitter and ticks)
    public ArenaHeap(Syscalls syscalls, int cpus, HeapOptions options, HeapCosts costs, long seed) {
        this.options = options;
        this.costs = costs;
        this.threads = new Threads(seed);
        this.backgroundThreads = new BackgroundThreads(syscalls, backgroundThreadCount(options));
        PurgeWaker waker = options.purger() == Purger.BACKGROUND_THREAD ? backgroundThreads : new ListenerWaker();
        this.arenas = new Arenas(syscalls, cpus, emap, options, costs, waker, seed);
        this.cacheLayout = new CacheLayout(options);
        this.pages = new Pages(syscalls, options);
        this.oversizeThreshold = Pac.oversizeThreshold(options);
        this.caches = options.flag(HeapOption.TCACHE);
        this.reallocZeroFrees = options.is(HeapOption.ZERO_REALLOC, "free");
        this.mallocNs = costs.ns(HeapCost.MALLOC);
        this.freeNs = costs.ns(HeapCost.FREE);
        this.initNs = costs.ns(HeapCost.THREAD_INIT);
        this.zeroKibNs = costs.ns(HeapCost.ZERO_KIB);
        this.copyKibNs = costs.ns(HeapCost.COPY_KIB);
    }

    private final class ListenerWaker implements PurgeWaker {
        @Override
        public void pagesUnused(Task task, int arena, Decay dirty) {
            unusedPagesListener.accept(task);
        }

        @Override
        public void epochEnded(Task task, int arena, Decay decay, long newPages) {
            // A listener is notified of pages when they become unused.
        }
    }

    private static int backgroundThreadCount(HeapOptions options) {
        return options.purger() == Purger.BACKGROUND_THREAD ? options.integer(HeapOption.MAX_BACKGROUND_THREADS) : 0;
    }

    // The contract

    @Override
    public long malloc(Task task, long size) {
        return allocate(task, size, false);
    }

    @Override
    public long calloc(Task task, long count, long size) {
        return allocate(task, Requests.bytes(count, size), true);
    }

    private long allocate(Task task, long size, boolean zero) {
        int sizeClass = SizeClasses.index(checked(size));
        return allocate(allocating(task), size, sizeClass, zero);
    }

    private long allocate(ThreadState thread, long size, int sizeClass, boolean zero) {
        thread.task.charge(mallocNs);
        return handOut(thread, take(thread, size, sizeClass, zero), sizeClass);
    }

    private static long checked(long size) {
        if (size < 0 || size > SizeClasses.LARGE_MAX) {
            throw HeapMisuse.sizeOverflow(Long.toUnsignedString(size));
        }
        return size;
    }

    @Override
    public long alignedAlloc(Task task, long alignment, long size) {
        Requests.checkAlignment(alignment);
        long usable = SizeClasses.usable(Math.max(1, checked(size)), alignment);
        if (usable == 0) {
            throw HeapMisuse.sizeOverflow(size + " aligned to " + alignment);
        }
        int sizeClass = SizeClasses.index(usable);
        ThreadState thread = allocating(task);
        task.charge(mallocNs);
        long block = sizeClass < SizeClasses.BINS
                ? take(thread, usable, sizeClass, false)
                : takeLarge(thread, usable, sizeClass, Math.max(alignment, SizeClasses.CACHE_LINE), false);
        return handOut(thread, block, sizeClass);
    }

    private long handOut(ThreadState thread, long block, int sizeClass) {
        if (block != 0) {
            blocks.handOut(block);
            thread.countAllocated(SizeClasses.size(sizeClass));
        }
        return block;
    }

    @Override
    public void free(Task task, long address) {
        if (address != 0) {
            Edata extent = blocks.held(address);
            free(threads.of(task), extent, address);
        }
    }

    private void free(ThreadState thread, Edata extent, long address) {
        thread.task.charge(freeNs);
        int sizeClass = extent.sizeClass();
        blocks.takeIn(extent, address);
        giveBack(thread, thread.cache, extent, address);
        thread.countDeallocated(SizeClasses.size(sizeClass));
    }

    @Override
    public long mallocCached(Task task, long size) {
        int sizeClass = SizeClasses.index(checked(size));
        ThreadState thread = threads.of(task);
        return thread.mallocNeedsOnlyCache(sizeClass) ? allocate(thread, size, sizeClass, false) : 0;
    }

    @Override
    public boolean freeCached(Task task, long address) {
        Edata extent = blocks.held(address);
        ThreadState thread = threads.of(task);
        boolean cached = thread.freeNeedsOnlyCache(extent.sizeClass());
        if (cached) {
            free(thread, extent, address);
        }
        return cached;
    }

    @Override
    public long realloc(Task task, long address, long size) {
        if (address == 0) {
            return malloc(task, size);
        }
        Edata extent = blocks.held(address);
        if (size == 0) {
            zeroReallocs++;
            if (reallocZeroFrees) {
                free(task, address);
                return 0;
            }
        }
        int sizeClass = SizeClasses.index(checked(size));
        ThreadState thread = allocating(task);
        task.charge(mallocNs);
        int old = extent.sizeClass();
        long block = resizeInPlace(thread, extent, sizeClass) ? address : move(thread, extent, address, sizeClass);
        if (block != 0) {
            thread.countAllocated(SizeClasses.size(sizeClass));
            thread.countDeallocated(SizeClasses.size(old));
        }
        return block;
    }

    /// A small block stays in place if its class does not change, a large one if it stays large and there is room (`arena_ralloc_no_move`).
    private boolean resizeInPlace(ThreadState thread, Edata extent, int sizeClass) {
        if (sizeClass >= SizeClasses.BINS) {
            return !extent.isSlab() && arenas.of(extent).resizeLarge(thread, extent, sizeClass);
        }
        if (sizeClass != extent.sizeClass()) {
            return false;
        }
        arenas.of(extent).decayTicks(thread, 1);
        return true;
    }

    /// Allocates a new block, copies the contents, and frees the old block. From large to large the thread cache is bypassed.
    private long move(ThreadState thread, Edata extent, long address, int sizeClass) {
        boolean bothLarge = !extent.isSlab() && sizeClass >= SizeClasses.BINS;
        long usable = SizeClasses.size(sizeClass);
        long block = bothLarge
                ? takeLarge(thread, usable, sizeClass, SizeClasses.CACHE_LINE, false)
                : take(thread, usable, sizeClass, false);
        if (block == 0) {
            return 0;
        }
        copy(thread.task, address, block, Math.min(SizeClasses.size(extent.sizeClass()), SizeClasses.size(sizeClass)));
        blocks.handOut(block);
        blocks.takeIn(extent, address);
        giveBack(thread, thread.cache, extent, address);
        return block;
    }

    @Override
    public long usableSize(long address) {
        return SizeClasses.size(blocks.held(address).sizeClass());
    }

    @Override
    public void threadExit(Task task) {
        ThreadState thread = threads.of(task);
        Arena arena = thread.arena;
        if (arena != null) {
            arena.threads--;
        }
        if (arena != null && thread.cache != null) {
            dropCache(thread, thread.cache);
            arenas.first(task).decay(task, false);
            if (arena.threads == 0 && options.purger() == Purger.TICKING_THREAD) {
                arena.purge(task);
            } else {
                arena.decay(task, false);
            }
        }
        threads.remove(thread);
    }

    private void dropCache(ThreadState thread, Tcache cache) {
        cache.flushAll(thread);
        thread.cache = null;
        if (thread.cacheMemory != 0) {
            giveBack(thread, null, emap.at(thread.cacheMemory), thread.cacheMemory);
        }
    }

    @Override
    public HeapStats stats() {
        return new HeapCounters(arenas, threads, emap, options, backgroundThreads.count(), () -> zeroReallocs);
    }

    // Purging

    @Override
    public void purge(Task task) {
        arenas.forEach(arena -> arena.purge(task));
    }

    @Override
    public void decay(Task task) {
        arenas.forEach(arena -> arena.decay(task, true));
    }

    @Override
    public long timeUntilDecay(Task task) {
        long[] soonest = {NEVER};
        arenas.forEach(arena -> soonest[0] = Math.min(soonest[0], arena.pac().purging.timeUntilDeferredWork(task)));
        return soonest[0];
    }

    @Override
    public void onUnusedPages(Consumer<Task> listener) {
        unusedPagesListener = listener;
    }

    /// Settings that a program may change at run time.
    public Mallctl mallctl() {
        return new Mallctl(this);
    }

    /// Flushes every cached block of the calling thread (`tcache_flush`).
    void flushCache(Task task) {
        ThreadState thread = threads.of(task);
        if (thread.cache != null) {
            thread.cache.flushAll(thread);
        }
    }

    @Override
    public int backgroundThreads() {
        return backgroundThreads.count();
    }

    @Override
    public String backgroundThreadName() {
        return "jemalloc_bg_thd";
    }

    @Override
    public void runBackgroundThread(Task task, int index) {
        backgroundThreads.run(task, index, arenas);
    }

    // Blocks from and to arenas and caches

    /// A block of that class, not yet owned by the program, or 0 (`arena_malloc`). Where threads cache the class, no request is oversize.
    private long take(ThreadState thread, long request, int sizeClass, boolean zero) {
        Tcache cache = thread.cache;
        boolean small = sizeClass < SizeClasses.BINS;
        long block;
        if (cache != null && cache.caches(sizeClass)) {
            block = small ? cache.allocSmall(thread, sizeClass) : cache.allocLarge(sizeClass);
            if (block == 0 && !small) {
                return thread.arena().mallocLarge(thread, sizeClass, SizeClasses.CACHE_LINE, zero);
            }
        } else if (small) {
            block = thread.arena().mallocSmall(thread, sizeClass);
        } else {
            return takeLarge(thread, request, sizeClass, SizeClasses.CACHE_LINE, zero);
        }
        return zero ? zeroed(thread.task, block, sizeClass) : block;
    }

    /// @param request decides whether it is oversize: the size passed to malloc, or for other calls the size of the class (bytes)
    private long takeLarge(ThreadState thread, long request, int sizeClass, long alignment, boolean zero) {
        Arena arena = request >= oversizeThreshold ? arenas.oversize(thread.task) : thread.arena();
        return arena.mallocLarge(thread, sizeClass, alignment, zero);
    }

    /// Puts a block that the program no longer owns into the cache, or back into its arena (`arena_dalloc`).
    private void giveBack(ThreadState thread, @Nullable Tcache cache, Edata extent, long block) {
        if (cache != null && cache.caches(extent.sizeClass())) {
            cache.put(thread, extent.sizeClass(), block);
        } else if (extent.isSlab()) {
            arenas.of(extent).dallocSmall(thread, extent, block);
        } else {
            arenas.of(extent).dallocLarge(thread, extent);
        }
    }

    private long zeroed(Task task, long block, int sizeClass) {
        if (block != 0) {
            long size = SizeClasses.size(sizeClass);
            task.charge(kib(size) * zeroKibNs);
            pages.clear(task, block, size);
        }
        return block;
    }

    private void copy(Task task, long from, long to, long size) {
        task.charge(kib(size) * copyKibNs);
        pages.copy(task, from, to, size);
    }

    private static long kib(long size) {
        return (size + 1023) >>> 10;
    }

    // Threads

    /// The state of a thread that allocates: bound to an arena and, unless caching is off, with a cache. A thread that only frees never
    /// gets here, and never caches.
    ThreadState allocating(Task task) {
        ThreadState thread = threads.of(task);
        if (thread.arena == null) {
            start(thread);
        }
        return thread;
    }

    /// A thread allocates for the first time (`tsd_init`).
    private void start(ThreadState thread) {
        thread.task.charge(initNs);
        Arena arena = arenas.choose(thread.task);
        thread.bind(arena);
        if (caches) {
            thread.cacheMemory = cacheMemory(thread);
            thread.use(new Tcache(cacheLayout, emap, arenas, arena, costs), cacheLayout.gcBytes());
        }
    }

    /// Page-aligned, zeroed memory for a cache's stacks, from the first arena; 0 if there is none.
    private long cacheMemory(ThreadState thread) {
        Arena arena = arenas.first(thread.task);
        int sizeClass = SizeClasses.index(SizeClasses.usable(cacheLayout.bytes(), SizeClasses.PAGE));
        if (sizeClass >= SizeClasses.BINS) {
            return arena.mallocLarge(thread, sizeClass, SizeClasses.PAGE, true);
        }
        return zeroed(thread.task, arena.mallocSmall(thread, sizeClass), sizeClass);
    }

    // For counters and checks

    Arenas arenas() {
        return arenas;
    }

    Threads threads() {
        return threads;
    }

    Emap emap() {
        return emap;
    }
}
