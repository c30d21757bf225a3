package io.janklab.allocator.arena;

import io.janklab.kernel.cpu.Task;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The heap's state for one thread (`tsd_t`). Only its thread uses it.
final class ThreadState {
    private static final int TICKS = 1000;
    private static final int LG_STEPS = 6;
    private static final int STEP_UNIT = 61;
    /// −ln(i/64) in units of 1/61, i from 1 to 64 (`ticker.c`): draws the time to the next of rare, independent events.
    private static final int[] GEOMETRIC = {
        254, 211, 187, 169, 156, 144, 135, 127, 120, 113, 107, 102, 97, 93, 89, 85,
        81, 77, 74, 71, 68, 65, 62, 60, 57, 55, 53, 50, 48, 46, 44, 42,
        40, 39, 37, 35, 33, 32, 30, 29, 27, 26, 24, 23, 21, 20, 19, 18,
        16, 15, 14, 13, 12, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0,
    };

    final Task task;
    final Prng prng;
    /// Null until the thread allocates.
    @Nullable Arena arena;
    /// Number of the thread among those of its arena; chooses its bin shards.
    int shard;
    /// Null if caching is off, or until the thread allocates.
    @Nullable Tcache cache;
    /// Where the cache's stacks live.
    long cacheMemory;

    private long allocated;
    private long deallocated;
    private long nextAllocGc = Long.MAX_VALUE;
    private long nextDeallocGc = Long.MAX_VALUE;
    private long gcBytes;
    private int ticks = TICKS;

    ThreadState(Task task, long seed) {
        this.task = task;
        this.prng = new Prng(seed);
    }

    /// The arena that the thread allocates from, once it does.
    Arena arena() {
        return Objects.requireNonNull(arena);
    }

    void use(Tcache newCache, long bytesBetweenGcs) {
        cache = newCache;
        gcBytes = bytesBetweenGcs;
        nextAllocGc = allocated + gcBytes;
        nextDeallocGc = deallocated + gcBytes;
    }

    /// Whether the cache has a block of that class, and handing it out triggers no work of an arena.
    boolean mallocNeedsOnlyCache(int sizeClass) {
        return cache != null
                && cache.caches(sizeClass)
                && cache.bin(sizeClass).count > 0
                && (allocated + SizeClasses.size(sizeClass) < nextAllocGc || cache.gcNeedsOnlyCache());
    }

    /// Whether the cache has room for a block of that class, and taking it in triggers no work of an arena.
    boolean freeNeedsOnlyCache(int sizeClass) {
        return cache != null
                && cache.caches(sizeClass)
                && cache.bin(sizeClass).hasRoom()
                && (deallocated + SizeClasses.size(sizeClass) < nextDeallocGc || cache.gcNeedsOnlyCache());
    }

    /// Counts an allocation of `bytes`, and collects the cache's garbage when that is due (`thread_event.c`).
    void countAllocated(long bytes) {
        allocated += bytes;
        if (cache != null && allocated >= nextAllocGc) {
            nextAllocGc = allocated + gcBytes;
            cache.gc(this);
        }
    }

    void countDeallocated(long bytes) {
        deallocated += bytes;
        if (cache != null && deallocated >= nextDeallocGc) {
            nextDeallocGc = deallocated + gcBytes;
            cache.gc(this);
        }
    }

    /// Bytes ever allocated by the thread.
    long allocated() {
        return allocated;
    }

    long deallocated() {
        return deallocated;
    }

    /// Counts arena operations.
    ///
    /// @return whether the thread should run decay: at random, once in a thousand (`ticker_geom_ticks`)
    boolean tick(int operations) {
        ticks -= operations;
        if (ticks >= 0) {
            return false;
        }
        ticks = TICKS * GEOMETRIC[(int) prng.bits(LG_STEPS)] / STEP_UNIT;
        return true;
    }
}
