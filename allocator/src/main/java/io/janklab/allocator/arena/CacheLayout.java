package io.janklab.allocator.arena;

import io.janklab.allocator.HeapOption;
import io.janklab.allocator.HeapOptions;

/// The layout of every thread cache of a heap: which classes it caches, and how many blocks of each (`tcache_boot`,
/// `tcache_ncached_max_compute`).
final class CacheLayout {
    private static final int MAX_GC_DELAY = 255;

    private final int[] capacities;
    private final int[] gcDelays;
    private final int lgSmallFlushDiv;
    private final int lgLargeFlushDiv;
    private final long gcBytes;

    CacheLayout(HeapOptions options) {
        int bins = SizeClasses.index(options.number(HeapOption.TCACHE_MAX)) + 1;
        this.capacities = new int[bins];
        this.gcDelays = new int[bins];
        for (int i = 0; i < bins; i++) {
            capacities[i] = i < SizeClasses.BINS ? smallCapacity(i, options) : options.integer(HeapOption.TCACHE_NSLOTS_LARGE);
            gcDelays[i] = (int) Math.min(MAX_GC_DELAY, options.number(HeapOption.TCACHE_GC_DELAY_BYTES) / SizeClasses.size(i));
        }
        this.lgSmallFlushDiv = options.integer(HeapOption.LG_TCACHE_FLUSH_SMALL_DIV);
        this.lgLargeFlushDiv = options.integer(HeapOption.LG_TCACHE_FLUSH_LARGE_DIV);
        this.gcBytes = options.number(HeapOption.TCACHE_GC_INCR_BYTES);
    }

    /// Twice the regions of a slab, made even and limited to the options' bounds.
    private static int smallCapacity(int sizeClass, HeapOptions options) {
        int most = Math.max(2, options.integer(HeapOption.TCACHE_NSLOTS_SMALL_MAX) & ~1);
        int least = Math.min(most, Math.max(2, options.integer(HeapOption.TCACHE_NSLOTS_SMALL_MIN) + 1 & ~1));
        int lgMultiplier = options.integer(HeapOption.LG_TCACHE_NSLOTS_MUL);
        int regions = BinInfo.of(sizeClass).regions();
        int wanted = lgMultiplier < 0 ? regions >> -lgMultiplier : regions << lgMultiplier;
        return Math.clamp(wanted + 1 & ~1, least, most);
    }

    /// Size classes below this are cached.
    int bins() {
        return capacities.length;
    }

    CacheBin newBin(int sizeClass) {
        return new CacheBin(sizeClass, capacities[sizeClass], gcDelays[sizeClass]);
    }

    int gcDelay(int sizeClass) {
        return gcDelays[sizeClass];
    }

    int maxCapacity() {
        int max = 0;
        for (int capacity : capacities) {
            max = Math.max(max, capacity);
        }
        return max;
    }

    /// Blocks that stay when a full bin is flushed.
    int remainder(CacheBin bin) {
        return bin.capacity >> (bin.sizeClass < SizeClasses.BINS ? lgSmallFlushDiv : lgLargeFlushDiv);
    }

    /// Bytes a thread allocates, or frees, between two steps of its cache's GC.
    long gcBytes() {
        return gcBytes;
    }

    /// Bytes of memory one cache's stacks take (`cache_bin_info_compute_alloc`).
    long bytes() {
        long slots = 2;
        for (int capacity : capacities) {
            slots += capacity;
        }
        return slots * Long.BYTES;
    }
}
