package io.janklab.allocator.arena;

import io.janklab.kernel.cpu.Task;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The heap's state for one thread (`tsd_t`). Only its thread uses it.
final class ThreadState extends ArenaThread {
    /// Null until the thread allocates.
    @Nullable Arena arena;
    /// Null if caching is off, or until the thread allocates.
    @Nullable Tcache cache;
    /// Where the cache's stacks live.
    long cacheMemory;

    private long allocated;
    private long deallocated;
    private long nextAllocGc = Long.MAX_VALUE;
    private long nextDeallocGc = Long.MAX_VALUE;
    private long gcBytes;

    ThreadState(Task task, long seed) {
        super(task, seed);
    }

    /// The arena that the thread allocates from, once it does.
    Arena arena() {
        return Objects.requireNonNull(arena);
    }

    /// From now on it allocates from that arena.
    void bind(Arena newArena) {
        arena = newArena;
        shard = newArena.addThread();
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
}
