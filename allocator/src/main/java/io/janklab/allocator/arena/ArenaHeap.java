package io.janklab.allocator.arena;

import io.janklab.allocator.DecayingHeap;
import io.janklab.allocator.HeapCost;
import io.janklab.allocator.HeapCosts;
import io.janklab.allocator.HeapMisuse;
import io.janklab.allocator.HeapOption;
import io.janklab.allocator.HeapOptions;
import io.janklab.allocator.HeapStats;
import io.janklab.allocator.Purger;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.syscall.PthreadMutex;
import io.janklab.kernel.syscall.Syscalls;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.ObjLongConsumer;

/// A process's heap as jemalloc 5.3.0 runs it (`src/jemalloc.c`).
///
/// Beyond jemalloc it knows of every block whether the program holds it, so that misuse is refused instead of corrupting.
public final class ArenaHeap implements DecayingHeap {
    /// Arenas per CPU if the options do not say (`narenas_ratio`).
    private static final int ARENAS_PER_CPU = 4;

    private final Syscalls syscalls;
    private final HeapOptions options;
    private final HeapCosts costs;
    private final long seed;
    private final Emap emap = new Emap();
    /// The automatic arenas, then the one for oversize blocks; made when first needed.
    private final Arena[] arenas;
    private final PthreadMutex arenasMutex;
    private final CacheLayout cacheLayout;
    private final Pages pages;
    private final BackgroundThreads backgroundThreads;
    private final PurgeWaker waker;
    private final long oversizeThreshold;
    private final boolean caches;
    private final boolean reallocZeroFrees;
    private final long mallocNs;
    private final long freeNs;
    private final long initNs;
    private final long zeroKibNs;
    private final long copyKibNs;
    private Consumer<Task> unusedPagesListener = task -> {};

    private ThreadState[] threads = new ThreadState[64];
    private ThreadState lastThread;

    /// @param cpus as `sysconf` tells the process; decides the number of arenas if the options do not
    /// @param seed of the heap's own randomness (placement of large blocks, decay jitter and ticks)
    public ArenaHeap(Syscalls syscalls, int cpus, HeapOptions options, HeapCosts costs, long seed) {
        this.syscalls = syscalls;
        this.options = options;
        this.costs = costs;
        this.seed = seed;
        this.arenas = new Arena[automaticArenas(cpus, options) + 1];
        this.arenasMutex = syscalls.newMutex("arenas");
        this.cacheLayout = new CacheLayout(options);
        this.pages = new Pages(syscalls, options);
        this.backgroundThreads = new BackgroundThreads(this, syscalls, backgroundThreadCount(options));
        this.waker = options.purger() == Purger.BACKGROUND_THREAD ? backgroundThreads : new ListenerWaker();
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
        public void pagesUnused(Task task, Arena arena) {
            unusedPagesListener.accept(task);
        }

        @Override
        public void epochEnded(Task task, Arena arena, Decay decay, long newPages) {
            // A listener hears of pages when they become unused.
        }
    }

    private static int automaticArenas(int cpus, HeapOptions options) {
        int wanted = options.integer(HeapOption.NARENAS);
        return wanted != 0 ? wanted : cpus == 1 ? 1 : cpus * ARENAS_PER_CPU;
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
        long bytes = count * size;
        if (count < 0 || size < 0 || Math.multiplyHigh(count, size) != 0 || bytes < 0) {
            throw HeapMisuse.sizeOverflow(Long.toUnsignedString(count) + " × " + Long.toUnsignedString(size));
        }
        return allocate(task, bytes, true);
    }

    private long allocate(Task task, long size, boolean zero) {
        int sizeClass = SizeClasses.index(checked(size));
        ThreadState thread = allocating(task);
        task.charge(mallocNs);
        long block = take(thread, sizeClass, zero);
        return block == 0 ? 0 : handOut(thread, block, sizeClass);
    }

    private static long checked(long size) {
        if (size < 0 || size > SizeClasses.LARGE_MAX) {
            throw HeapMisuse.sizeOverflow(Long.toUnsignedString(size));
        }
        return size;
    }

    @Override
    public long alignedAlloc(Task task, long alignment, long size) {
        if (alignment <= 0 || (alignment & (alignment - 1)) != 0) {
            throw HeapMisuse.badAlignment(alignment);
        }
        long usable = SizeClasses.usable(Math.max(1, checked(size)), alignment);
        if (usable == 0) {
            throw HeapMisuse.sizeOverflow(size + " aligned to " + alignment);
        }
        ThreadState thread = allocating(task);
        task.charge(mallocNs);
        int sizeClass = SizeClasses.index(usable);
        boolean small = sizeClass < SizeClasses.BINS;
        long block = small ? take(thread, sizeClass, false) : takeLarge(thread, sizeClass, Math.max(alignment, SizeClasses.CACHE_LINE), false);
        return block == 0 ? 0 : handOut(thread, block, sizeClass);
    }

    @Override
    public void free(Task task, long address) {
        if (address == 0) {
            return;
        }
        Edata extent = extentOf(address);
        ThreadState thread = thread(task);
        task.charge(freeNs);
        int sizeClass = extent.sizeClass;
        takeIn(extent, address);
        giveBack(thread, thread.cache, extent, address);
        thread.countDeallocated(SizeClasses.size(sizeClass));
    }

    @Override
    public long realloc(Task task, long address, long size) {
        if (address == 0) {
            return malloc(task, size);
        }
        Edata extent = extentOf(address);
        if (size == 0 && reallocZeroFrees) {
            free(task, address);
            return 0;
        }
        int sizeClass = SizeClasses.index(checked(size));
        ThreadState thread = allocating(task);
        task.charge(mallocNs);
        int old = extent.sizeClass;
        long block = resizeInPlace(thread, extent, sizeClass) ? address : move(thread, extent, address, sizeClass);
        if (block != 0) {
            thread.countAllocated(SizeClasses.size(sizeClass));
            thread.countDeallocated(SizeClasses.size(old));
        }
        return block;
    }

    /// A small block stays if its class does, a large one if it stays large and there is room (`arena_ralloc_no_move`).
    private static boolean resizeInPlace(ThreadState thread, Edata extent, int sizeClass) {
        if (sizeClass >= SizeClasses.BINS) {
            return !extent.slab && extent.arena.resizeLarge(thread, extent, sizeClass);
        }
        if (sizeClass != extent.sizeClass) {
            return false;
        }
        extent.arena.decayTicks(thread, 1);
        return true;
    }

    /// New memory, the old contents, and the old block goes. From large to large the thread cache is not asked.
    private long move(ThreadState thread, Edata extent, long address, int sizeClass) {
        int old = extent.sizeClass;
        boolean bothLarge = old >= SizeClasses.BINS && sizeClass >= SizeClasses.BINS;
        long block = bothLarge ? takeLarge(thread, sizeClass, SizeClasses.CACHE_LINE, false) : take(thread, sizeClass, false);
        if (block == 0) {
            return 0;
        }
        copy(thread.task, address, block, Math.min(SizeClasses.size(old), SizeClasses.size(sizeClass)));
        markLive(block);
        takeIn(extent, address);
        giveBack(thread, thread.cache, extent, address);
        return block;
    }

    @Override
    public long usableSize(long address) {
        return SizeClasses.size(extentOf(address).sizeClass);
    }

    @Override
    public void purge(Task task) {
        for (Arena arena : arenas) {
            if (arena != null) {
                arena.purge(task);
            }
        }
    }

    @Override
    public void threadExit(Task task) {
        ThreadState thread = stateOf(task.tid());
        if (thread == null) {
            return;
        }
        Arena arena = thread.arena;
        if (arena != null) {
            arena.threads--;
        }
        if (thread.cache != null) {
            dropCache(thread);
            arenas[0].decay(task, false);
            if (arena.threads == 0 && options.purger() == Purger.TICKING_THREAD) {
                arena.purge(task);
            } else {
                arena.decay(task, false);
            }
        }
        threads[task.tid()] = null;
        lastThread = null;
    }

    private void dropCache(ThreadState thread) {
        thread.cache.flushAll(thread);
        thread.cache = null;
        if (thread.cacheMemory != 0) {
            giveBack(thread, null, emap.lookup(thread.cacheMemory), thread.cacheMemory);
        }
    }

    @Override
    public HeapStats stats() {
        return new HeapCounters(this);
    }

    // Purging

    @Override
    public void decay(Task task) {
        for (Arena arena : arenas) {
            if (arena != null) {
                arena.decay(task, true);
            }
        }
    }

    @Override
    public long timeUntilDecay(Task task) {
        long soonest = NEVER;
        for (Arena arena : arenas) {
            if (arena != null) {
                soonest = Math.min(soonest, arena.pac().timeUntilDeferredWork(task));
            }
        }
        return soonest;
    }

    @Override
    public void onUnusedPages(Consumer<Task> listener) {
        unusedPagesListener = listener;
    }

    /// Sets the decay times (ms) of every arena, as `mallopt(M_DECAY_TIME)` does. An arena made later starts with the options'.
    public void setDecay(Task task, long dirtyMs, long muzzyMs) {
        for (Arena arena : arenas) {
            if (arena != null) {
                arena.setDecay(task, true, dirtyMs);
                arena.setDecay(task, false, muzzyMs);
            }
        }
    }

    /// How many background threads the options ask for; 0 unless they purge.
    public int backgroundThreads() {
        return backgroundThreads.count();
    }

    /// The body of background thread `index`, for a task of the process; never returns.
    public void runBackgroundThread(Task task, int index) {
        backgroundThreads.run(task, index);
    }

    // Blocks

    /// A block of that class, not yet the program's, or 0 (`arena_malloc`).
    private long take(ThreadState thread, int sizeClass, boolean zero) {
        Tcache cache = thread.cache;
        if (sizeClass < SizeClasses.BINS) {
            boolean cached = cache != null && cache.caches(sizeClass);
            long block = cached ? cache.allocSmall(thread, sizeClass) : thread.arena.mallocSmall(thread, sizeClass);
            if (zero && block != 0) {
                zero(thread.task, block, SizeClasses.size(sizeClass));
            }
            return block;
        }
        if (cache != null && cache.caches(sizeClass)) {
            long block = cache.allocLarge(sizeClass);
            if (block != 0) {
                if (zero) {
                    zero(thread.task, block, SizeClasses.size(sizeClass));
                }
                return block;
            }
        }
        return takeLarge(thread, sizeClass, SizeClasses.CACHE_LINE, zero);
    }

    private long takeLarge(ThreadState thread, int sizeClass, long alignment, boolean zero) {
        Arena arena = SizeClasses.size(sizeClass) >= oversizeThreshold ? oversizeArena(thread.task) : thread.arena;
        return arena.mallocLarge(thread, sizeClass, alignment, zero);
    }

    /// Puts a block that is not the program's any more into the cache, or back into its arena (`arena_dalloc`).
    private static void giveBack(ThreadState thread, Tcache cache, Edata extent, long block) {
        if (cache != null && cache.caches(extent.sizeClass)) {
            cache.put(thread, extent.sizeClass, block);
        } else if (extent.slab) {
            extent.arena.dallocSmall(thread, extent, block);
        } else {
            extent.arena.dallocLarge(thread, extent);
        }
    }

    private long handOut(ThreadState thread, long block, int sizeClass) {
        markLive(block);
        thread.countAllocated(SizeClasses.size(sizeClass));
        return block;
    }

    private void markLive(long block) {
        Edata extent = emap.lookup(block);
        if (extent.slab) {
            extent.flipLive(extent.bin.regionAt(block - extent.base));
        } else {
            extent.live = true;
        }
    }

    private static void takeIn(Edata extent, long block) {
        if (extent.slab) {
            extent.flipLive(extent.bin.regionAt(block - extent.base));
        } else {
            extent.live = false;
        }
    }

    /// The extent of a block the program holds.
    ///
    /// @throws HeapMisuse if `address` is none
    private Edata extentOf(long address) {
        Edata extent = emap.lookup(address);
        if (extent == null) {
            throw HeapMisuse.foreignPointer(address);
        }
        if (extent.state != ExtentState.ACTIVE) {
            throw HeapMisuse.doubleFree(address);
        }
        boolean live = extent.slab ? isLiveRegion(extent, address) : isLiveLarge(extent, address);
        if (!live) {
            throw HeapMisuse.doubleFree(address);
        }
        return extent;
    }

    private static boolean isLiveRegion(Edata slab, long address) {
        long offset = address - slab.base;
        int region = slab.bin.regionAt(offset);
        if (region < 0) {
            throw HeapMisuse.interiorPointer(address, address - offset % slab.bin.regionSize());
        }
        return slab.isLive(region);
    }

    private static boolean isLiveLarge(Edata extent, long address) {
        if (address != extent.address) {
            throw HeapMisuse.interiorPointer(address, extent.address);
        }
        return extent.live;
    }

    private void zero(Task task, long block, long size) {
        task.charge(kib(size) * zeroKibNs);
        pages.touch(task, block, size);
    }

    private void copy(Task task, long from, long to, long size) {
        task.charge(kib(size) * copyKibNs);
        pages.read(task, from, size);
        pages.touch(task, to, size);
    }

    private static long kib(long size) {
        return (size + 1023) >>> 10;
    }

    // Threads and arenas

    private ThreadState thread(Task task) {
        ThreadState last = lastThread;
        if (last != null && last.task == task) {
            return last;
        }
        int tid = task.tid();
        if (tid >= threads.length) {
            threads = Arrays.copyOf(threads, Math.max(tid + 1, threads.length * 2));
        }
        if (threads[tid] == null) {
            threads[tid] = new ThreadState(task, seed + tid);
        }
        lastThread = threads[tid];
        return lastThread;
    }

    /// The state of a thread that allocates: bound to an arena and, unless caching is off, with a cache.
    private ThreadState allocating(Task task) {
        ThreadState thread = thread(task);
        if (thread.arena == null) {
            start(thread);
        }
        return thread;
    }

    /// A thread allocates for the first time (`tsd_init`). A thread that only frees never gets here, and never caches.
    private void start(ThreadState thread) {
        thread.task.charge(initNs);
        Arena arena = choose(thread.task);
        arena.bind(thread);
        if (caches) {
            thread.cacheMemory = internalAlloc(thread, cacheLayout.bytes());
            thread.use(new Tcache(cacheLayout, emap, arena, costs), cacheLayout.gcBytes());
        }
    }

    /// Page-aligned, zeroed memory for the heap's own use, from arena 0.
    private long internalAlloc(ThreadState thread, long bytes) {
        long usable = SizeClasses.usable(bytes, SizeClasses.PAGE);
        int sizeClass = SizeClasses.index(usable);
        Arena arena = arena(thread.task, 0);
        if (sizeClass >= SizeClasses.BINS) {
            return arena.mallocLarge(thread, sizeClass, SizeClasses.PAGE, true);
        }
        long memory = arena.mallocSmall(thread, sizeClass);
        if (memory != 0) {
            zero(thread.task, memory, usable);
        }
        return memory;
    }

    /// An arena without threads if there is one, else a new one while there may be more, else the one with fewest
    /// (`arena_choose_hard`).
    private Arena choose(Task task) {
        arenasMutex.lock(task);
        Arena chosen = arena(task, 0);
        int firstNew = 0;
        for (int i = arenas.length - 2; i > 0; i--) {
            firstNew = arenas[i] == null ? i : firstNew;
        }
        for (int i = 1; i < arenas.length - 1; i++) {
            if (arenas[i] != null && arenas[i].threads < chosen.threads) {
                chosen = arenas[i];
            }
        }
        if (chosen.threads > 0 && firstNew > 0) {
            chosen = arena(task, firstNew);
        }
        arenasMutex.unlock(task);
        return chosen;
    }

    private Arena oversizeArena(Task task) {
        int index = arenas.length - 1;
        if (arenas[index] == null) {
            // Few blocks, seldom reused: tickers would come too late for them.
            arena(task, index).setDecayIfGradual(task, 0);
        }
        return arenas[index];
    }

    private Arena arena(Task task, int index) {
        if (arenas[index] == null) {
            arenas[index] = new Arena(index, syscalls, emap, options, costs, waker, seed ^ (long) index << 32, task.now());
        }
        return arenas[index];
    }

    /// Arenas there may be.
    int arenaCount() {
        return arenas.length;
    }

    /// Null if it has not been needed yet.
    Arena arena(int index) {
        return arenas[index];
    }

    Emap emap() {
        return emap;
    }

    HeapOptions options() {
        return options;
    }

    /// Null if that thread is none of the heap's.
    private ThreadState stateOf(int tid) {
        return tid < threads.length ? threads[tid] : null;
    }

    /// Bytes in the thread caches of an arena's threads.
    long cachedBytes(Arena arena) {
        long bytes = 0;
        for (ThreadState thread : threads) {
            if (thread != null && thread.arena == arena && thread.cache != null) {
                bytes += thread.cache.bytes();
            }
        }
        return bytes;
    }

    /// Every block in a thread cache, with its size class; for checks.
    void forEachCachedBlock(ObjLongConsumer<Integer> action) {
        for (ThreadState thread : threads) {
            if (thread != null && thread.cache != null) {
                thread.cache.forEachBlock(action);
            }
        }
    }

    /// Every block the heap itself uses; for checks.
    void forEachInternalBlock(LongConsumer action) {
        for (ThreadState thread : threads) {
            if (thread != null && thread.cacheMemory != 0) {
                action.accept(thread.cacheMemory);
            }
        }
    }
}
