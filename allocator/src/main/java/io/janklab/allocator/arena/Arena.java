package io.janklab.allocator.arena;

import io.janklab.allocator.HeapCost;
import io.janklab.allocator.HeapCosts;
import io.janklab.allocator.HeapOptions;
import io.janklab.allocator.Purger;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.syscall.Syscalls;
import org.jspecify.annotations.Nullable;

/// One of a heap's independent allocators: bins of slabs for small blocks, extents for large ones (`src/arena.c`, `src/large.c`).
final class Arena {
    private final int index;
    private final Bin[][] bins;
    private final Pac pac;
    private final EdataCache records = new EdataCache();
    private final Purger purger;
    private final PurgeWaker waker;
    private final long pad;
    private final long takeNs;
    private final long returnNs;
    private final long switchNs;
    private final long slabNs;
    private final long largeNs;

    /// Threads that allocate from this arena.
    int threads;
    private int nextShard;

    // Per large size class, from the first
    final long[] largeMallocs = new long[SizeClasses.COUNT - SizeClasses.BINS];
    final long[] largeDallocs = new long[largeMallocs.length];
    final long[] largeRequests = new long[largeMallocs.length];
    final long[] largeFlushes = new long[largeMallocs.length];
    private long smallBytes;
    private long largeBytes;

    Arena(int index, Syscalls syscalls, Emap emap, HeapOptions options, HeapCosts costs, PurgeWaker waker, long seed, long now) {
        this.index = index;
        this.pac = new Pac(index, syscalls, emap, records, options, costs, seed, now);
        this.purger = options.purger();
        this.waker = waker;
        this.pad = Pac.largePad(options);
        this.takeNs = costs.ns(HeapCost.REGION_TAKE);
        this.returnNs = costs.ns(HeapCost.REGION_RETURN);
        this.switchNs = costs.ns(HeapCost.SLAB_SWITCH);
        this.slabNs = costs.ns(HeapCost.SLAB_INIT);
        this.largeNs = costs.ns(HeapCost.LARGE);
        this.bins = new Bin[SizeClasses.BINS][];
        for (int i = 0; i < bins.length; i++) {
            bins[i] = newBins(i, shards(i, options), syscalls);
        }
    }

    private Bin[] newBins(int sizeClass, int shards, Syscalls syscalls) {
        Bin[] made = new Bin[shards];
        for (int shard = 0; shard < shards; shard++) {
            String name = "arena " + index + " bin " + SizeClasses.size(sizeClass) + (shards == 1 ? "" : " shard " + shard);
            made[shard] = new Bin(BinInfo.of(sizeClass), shard, syscalls.newMutex(name));
        }
        return made;
    }

    private static int shards(int sizeClass, HeapOptions options) {
        long size = SizeClasses.size(sizeClass);
        int shards = 1;
        for (HeapOptions.BinShards range : options.binShards()) {
            boolean from = range.fromSize() <= SizeClasses.SMALL_MAX && size >= SizeClasses.usable(range.fromSize());
            if (from && size <= SizeClasses.usable(Math.min(range.toSize(), SizeClasses.SMALL_MAX))) {
                shards = range.shards();
            }
        }
        return shards;
    }

    int index() {
        return index;
    }

    Pac pac() {
        return pac;
    }

    /// Bytes of metadata in use: extent records.
    long metadataBytes() {
        return records.created() * EdataCache.RECORD_BYTES;
    }

    Bin[] shards(int sizeClass) {
        return bins[sizeClass];
    }

    Bin bin(int sizeClass, int shard) {
        return bins[sizeClass][shard];
    }

    Bin binOf(ArenaThread thread, int sizeClass) {
        Bin[] shards = bins[sizeClass];
        return shards[thread.shard % shards.length];
    }

    /// Bytes in small blocks, cached ones included.
    long smallBytes() {
        return smallBytes;
    }

    long largeBytes() {
        return largeBytes;
    }

    /// Another thread allocates from here.
    ///
    /// @return its number among those of the arena
    int addThread() {
        threads++;
        return nextShard++;
    }

    // Small blocks

    /// A block of that small class, or 0 if there is no more memory (`arena_malloc_small`).
    long mallocSmall(ArenaThread thread, int sizeClass) {
        Task task = thread.task;
        Bin bin = binOf(thread, sizeClass);
        bin.mutex.lock(task);
        Edata fresh = null;
        if (!ensureRegion(task, bin)) {
            bin.mutex.unlock(task);
            fresh = allocSlab(thread, bin);
            bin.mutex.lock(task);
            // The mutex was released meanwhile.
            if (!ensureRegion(task, bin)) {
                if (fresh == null) {
                    bin.mutex.unlock(task);
                    return 0;
                }
                bin.useFresh(fresh);
                fresh = null;
            }
        }
        task.charge(takeNs);
        long block = bin.current().takeRegion();
        bin.nmalloc++;
        bin.nrequests++;
        smallBytes += bin.info.regionSize();
        bin.mutex.unlock(task);
        if (fresh != null) {
            deallocSlab(thread, fresh);
        }
        decayTicks(thread, 1);
        return block;
    }

    private boolean ensureRegion(Task task, Bin bin) {
        if (bin.hasRegion()) {
            return true;
        }
        task.charge(switchNs);
        return bin.switchSlab();
    }

    /// Fills an empty cache bin with `wanted` blocks, lowest on top: from the bin's slabs, then from fresh ones as long as each helped
    /// (`arena_cache_bin_fill_small`).
    void fill(ArenaThread thread, CacheBin cache, int wanted) {
        Task task = thread.task;
        Bin bin = binOf(thread, cache.sizeClass);
        bin.mutex.lock(task);
        int filled = takeRegions(task, bin, cache, wanted, 0);
        Edata fresh = null;
        boolean progress = true;
        while (filled < wanted && progress) {
            bin.mutex.unlock(task);
            fresh = allocSlab(thread, bin);
            bin.mutex.lock(task);
            int before = filled;
            // The mutex was released meanwhile.
            filled = takeRegions(task, bin, cache, wanted, filled);
            if (filled < wanted && fresh != null) {
                bin.useFresh(fresh);
                fresh = null;
                filled = takeRegions(task, bin, cache, wanted, filled);
            }
            progress = filled > before;
        }
        countFill(bin, cache, filled);
        bin.mutex.unlock(task);
        if (fresh != null) {
            deallocSlab(thread, fresh);
        }
        cache.filled(wanted, filled);
        decayTicks(thread, 1);
    }

    /// Takes regions out of the bin's slabs until the cache has `wanted` or no slab has room.
    ///
    /// @return how many the cache has now
    private int takeRegions(Task task, Bin bin, CacheBin cache, int wanted, int filled) {
        int has = filled;
        while (has < wanted && ensureRegion(task, bin)) {
            int count = Math.min(wanted - has, bin.current().freeRegions());
            task.charge(takeNs * count);
            bin.current().takeRegions(count, cache.blocks, wanted - 1 - has);
            has += count;
        }
        return has;
    }

    private void countFill(Bin bin, CacheBin cache, int filled) {
        bin.nmalloc += filled;
        bin.nrequests += cache.takeRequests();
        bin.nfills++;
        smallBytes += (long) filled * bin.info.regionSize();
    }

    private @Nullable Edata allocSlab(ArenaThread thread, Bin bin) {
        thread.task.charge(slabNs);
        Edata slab = pac.alloc(thread.task, bin.info.slabSize(), SizeClasses.PAGE, bin.info.index(), true, false);
        if (slab != null) {
            slab.initSlab(bin.info, bin.shard);
        }
        return slab;
    }

    void deallocSlab(ArenaThread thread, Edata slab) {
        pac.dalloc(thread.task, slab);
        handleDeferredWork(thread.task);
    }

    /// Frees one small block (`arena_dalloc_small`).
    void dallocSmall(ArenaThread thread, Edata slab, long block) {
        Bin bin = bin(slab.sizeClass(), slab.binShard());
        bin.mutex.lock(thread.task);
        boolean empty = bin.giveBack(slab, bin.info.regionAt(block - slab.base()));
        returned(thread, bin, 1, empty ? 1 : 0);
        bin.mutex.unlock(thread.task);
        if (empty) {
            deallocSlab(thread, slab);
        }
        decayTicks(thread, 1);
    }

    /// Counts blocks returned to a bin, whose mutex is held, and slabs they emptied.
    void returned(ArenaThread thread, Bin bin, int blocks, int emptied) {
        thread.task.charge(returnNs * blocks + switchNs * emptied);
        bin.ndalloc += blocks;
        smallBytes -= (long) blocks * bin.info.regionSize();
    }

    // Large blocks

    /// A large block of that class, or 0 if there is no more memory (`large_palloc`).
    long mallocLarge(ArenaThread thread, int sizeClass, long alignment, boolean zero) {
        thread.task.charge(largeNs);
        long usable = SizeClasses.size(sizeClass);
        Edata extent = pac.alloc(thread.task, usable + pad, alignment, sizeClass, false, zero);
        if (extent == null) {
            return 0;
        }
        if (pad != 0) {
            randomize(thread, extent, alignment);
        }
        countLarge(sizeClass, 1);
        decayTicks(thread, 1);
        return extent.address();
    }

    /// Moves the block to a random cache line of its first page, so that large blocks do not all compete for the same cache sets.
    private static void randomize(ArenaThread thread, Edata extent, long alignment) {
        if (alignment < SizeClasses.PAGE) {
            int lgLine = 63 - Long.numberOfLeadingZeros(SizeClasses.alignUp(alignment, SizeClasses.CACHE_LINE));
            extent.moveAddress(thread.prng.bits(SizeClasses.LG_PAGE - lgLine) << lgLine);
        }
    }

    /// Frees a large block (`large_dalloc`).
    void dallocLarge(ArenaThread thread, Edata extent) {
        finishLarge(thread, extent);
        decayTicks(thread, 1);
    }

    /// [#dallocLarge] without the tick.
    void finishLarge(ArenaThread thread, Edata extent) {
        thread.task.charge(largeNs);
        countLarge(extent.sizeClass(), -1);
        pac.dalloc(thread.task, extent);
        handleDeferredWork(thread.task);
    }

    /// Resizes a large block to another large class without moving it (`large_ralloc_no_move`).
    ///
    /// @return whether that was possible
    boolean resizeLarge(ArenaThread thread, Edata extent, int sizeClass) {
        int old = extent.sizeClass();
        long newSize = SizeClasses.size(sizeClass) + pad;
        if (sizeClass > old && !pac.expand(thread.task, extent, newSize, sizeClass)) {
            return false;
        }
        if (sizeClass < old) {
            pac.shrink(thread.task, extent, newSize, sizeClass);
            handleDeferredWork(thread.task);
        }
        if (sizeClass != old) {
            countLarge(sizeClass, 1);
            countLarge(old, -1);
        }
        decayTicks(thread, 1);
        return true;
    }

    private void countLarge(int sizeClass, int change) {
        long[] counters = change > 0 ? largeMallocs : largeDallocs;
        counters[sizeClass - SizeClasses.BINS]++;
        largeBytes += change * SizeClasses.size(sizeClass);
    }

    void countLargeFlush(int sizeClass, long requests) {
        largeFlushes[sizeClass - SizeClasses.BINS]++;
        largeRequests[sizeClass - SizeClasses.BINS] += requests;
    }

    // Decay

    /// Counts a thread's operations on this arena; about every thousandth makes the thread run decay.
    void decayTicks(ArenaThread thread, int operations) {
        if (thread.tick(operations)) {
            decay(thread.task, false);
        }
    }

    /// Pages have become dirty: purges them at once if that is the rule, or notifies the purger (`arena_handle_deferred_work`).
    private void handleDeferredWork(Task task) {
        if (pac.purging.hasOwnPolicy()) {
            pac.purging.pagesUnused(task);
        } else if (pac.dirty.decay().isImmediate() && purger != Purger.HEAP_TASK_DAEMON) {
            pac.purging.decayAll(task, pac.dirty);
        }
        if (purger != Purger.TICKING_THREAD) {
            waker.pagesUnused(task, index, pac.dirty.decay());
        }
    }

    /// Purges decayed pages; a purger thread does so whether or not an epoch has ended (`arena_decay`).
    void decay(Task task, boolean isPurger) {
        boolean hasMuzzy = pac.muzzy.pages() > 0 || pac.muzzy.decay().isGradual();
        if (decay(task, pac.dirty, isPurger) != Purging.BUSY && hasMuzzy) {
            decay(task, pac.muzzy, isPurger);
        }
    }

    private long decay(Task task, Stage stage, boolean isPurger) {
        long newPages = pac.purging.maybeDecay(task, stage, eagerness(isPurger));
        if (newPages >= 0 && purger != Purger.TICKING_THREAD && !isPurger) {
            waker.epochEnded(task, index, stage.decay(), newPages);
        }
        return newPages;
    }

    private Purging.Eagerness eagerness(boolean isPurger) {
        if (isPurger) {
            return Purging.Eagerness.ALWAYS;
        }
        return purger == Purger.TICKING_THREAD ? Purging.Eagerness.ON_EPOCH_ADVANCE : Purging.Eagerness.NEVER;
    }

    /// Purges every unused page.
    void purge(Task task) {
        pac.purging.decayAll(task, pac.dirty);
        pac.purging.decayAll(task, pac.muzzy);
    }

    /// Sets the time (ms) that dirty pages take to decay; −1 never.
    void setDirtyDecay(Task task, long milliseconds) {
        pac.purging.setDecay(task, pac.dirty, milliseconds, eagerness(false));
    }

    void setMuzzyDecay(Task task, long milliseconds) {
        pac.purging.setDecay(task, pac.muzzy, milliseconds, eagerness(false));
    }
}
