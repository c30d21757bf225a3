package io.janklab.allocator;

import io.janklab.kernel.config.Price;

/// The cost of each step of the allocator in user mode, in nanoseconds on a core of capacity 1024. Mutexes, system calls and page faults
/// are paid to the kernel on top.
///
/// A malloc and free through jemalloc's thread cache take 15 to 25 ns on current x86-64 cores; the other figures are estimates from
/// the memory each step touches, to be varied.
public enum HeapCost implements Price {
    /// Malloc's fast path: size class and a pop from the thread cache.
    MALLOC("malloc", 8),
    /// Free's fast path: page map lookup and a push into the thread cache.
    FREE("free", 9),
    /// Take one region from a slab.
    REGION_TAKE("region.take", 4),
    /// Give one region back to its slab.
    REGION_RETURN("region.return", 12),
    /// Look into a bin's heap of slabs.
    SLAB_SWITCH("slab.switch", 25),
    /// Set up a fresh slab.
    SLAB_INIT("slab.init", 60),
    /// Find, insert or remove a free extent.
    EXTENT_FIT("extent.fit", 60),
    /// Split or merge extents, page map included.
    EXTENT_SPLIT("extent.split", 90),
    /// A large block's own bookkeeping.
    LARGE("large", 80),
    /// One step of a thread cache's garbage collection.
    CACHE_GC("tcache.gc", 20),
    /// Read the clock and the decay deadline.
    DECAY_TICK("decay.tick", 40),
    /// Advance the 200-step decay backlog.
    DECAY_EPOCH("decay.epoch", 150),
    /// Scudo: write or check a chunk's checksummed header.
    CHUNK_HEADER("chunk.header", 6),
    /// Scudo: mark one free block when looking for pages to release.
    RELEASE_MARK("release.mark", 3),
    /// Set up a thread's cache.
    THREAD_INIT("thread.init", 2_000),
    /// Clear 1 KiB.
    ZERO_KIB("zero.kib", 32),
    /// Copy 1 KiB.
    COPY_KIB("copy.kib", 64);

    private final String key;
    private final long defaultNs;

    HeapCost(String key, long defaultNs) {
        this.key = key;
        this.defaultNs = defaultNs;
    }

    @Override
    public String key() {
        return key;
    }

    @Override
    public long defaultNs() {
        return defaultNs;
    }
}
