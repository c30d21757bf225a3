package io.janklab.allocator;

import io.janklab.kernel.config.Price;

/// What each step of the allocator costs in user mode, in nanoseconds on a core of capacity 1024. Mutexes, system calls and page
/// faults are paid to the kernel on top.
///
/// A malloc and free through jemalloc's thread cache take 15 to 25 ns on current x86-64 cores; the other figures are estimates from
/// the memory each step touches, to be varied.
public enum HeapCost implements Price {
    MALLOC("malloc", 8, "malloc's fast path: size class and a pop from the thread cache"),
    FREE("free", 9, "free's fast path: page map lookup and a push into the thread cache"),
    REGION_TAKE("region.take", 4, "take one region from a slab"),
    REGION_RETURN("region.return", 12, "return one region to its slab"),
    SLAB_SWITCH("slab.switch", 25, "consult a bin's heap of slabs"),
    SLAB_INIT("slab.init", 60, "set up a fresh slab"),
    EXTENT_FIT("extent.fit", 60, "find, insert or remove a free extent"),
    EXTENT_SPLIT("extent.split", 90, "split or merge extents, page map included"),
    LARGE("large", 80, "a large block's own bookkeeping"),
    CACHE_GC("tcache.gc", 20, "one step of a thread cache's garbage collection"),
    DECAY_TICK("decay.tick", 40, "read the clock and the decay deadline"),
    DECAY_EPOCH("decay.epoch", 150, "advance the 200-step decay backlog"),
    CHUNK_HEADER("chunk.header", 6, "scudo: write or check a chunk's checksummed header"),
    RELEASE_MARK("release.mark", 3, "scudo: mark one free block when looking for pages to release"),
    THREAD_INIT("thread.init", 2_000, "set up a thread's cache"),
    ZERO_KIB("zero.kib", 32, "clear 1 KiB"),
    COPY_KIB("copy.kib", 64, "copy 1 KiB");

    private final String key;
    private final long defaultNs;
    private final String meaning;

    HeapCost(String key, long defaultNs, String meaning) {
        this.key = key;
        this.defaultNs = defaultNs;
        this.meaning = meaning;
    }

    @Override
    public String key() {
        return key;
    }

    @Override
    public long defaultNs() {
        return defaultNs;
    }

    public String meaning() {
        return meaning;
    }
}
