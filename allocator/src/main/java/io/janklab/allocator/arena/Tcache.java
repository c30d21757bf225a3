package io.janklab.allocator.arena;

import io.janklab.allocator.HeapCost;
import io.janklab.allocator.HeapCosts;
import java.util.function.ObjLongConsumer;

/// One thread's cache of free blocks, taken from and returned to arenas in batches (`src/tcache.c`). Only its thread uses it.
final class Tcache {
    private final CacheLayout layout;
    private final Emap emap;
    private final Arenas arenas;
    private final CacheBin[] bins;
    private final long gcNs;
    /// The arena the cache is filled from.
    private final Arena arena;
    private int nextGcBin;

    // Scratch space for flushing: the blocks, their extents, and slabs left empty.
    private final long[] victims;
    private final Edata[] extents;
    private final Edata[] emptySlabs;

    Tcache(CacheLayout layout, Emap emap, Arenas arenas, Arena arena, HeapCosts costs) {
        this.layout = layout;
        this.emap = emap;
        this.arenas = arenas;
        this.arena = arena;
        this.gcNs = costs.ns(HeapCost.CACHE_GC);
        this.bins = new CacheBin[layout.bins()];
        for (int i = 0; i < bins.length; i++) {
            bins[i] = layout.newBin(i);
        }
        this.victims = new long[layout.maxCapacity()];
        this.extents = new Edata[layout.maxCapacity()];
        this.emptySlabs = new Edata[layout.maxCapacity()];
    }

    boolean caches(int sizeClass) {
        return sizeClass < bins.length;
    }

    CacheBin bin(int sizeClass) {
        return bins[sizeClass];
    }

    /// A block of that small class, or 0 if there is no more memory.
    long allocSmall(ArenaThread thread, int sizeClass) {
        CacheBin bin = bins[sizeClass];
        long block = bin.pop();
        if (block == 0) {
            arena.fill(thread, bin, bin.capacity >> bin.lgFillDiv);
            bin.refilled = true;
            block = bin.pop();
            if (block == 0) {
                return 0;
            }
        }
        bin.requests++;
        return block;
    }

    /// A cached block of that large class, or 0 if none is cached.
    long allocLarge(int sizeClass) {
        long block = bins[sizeClass].pop();
        if (block != 0) {
            bins[sizeClass].requests++;
        }
        return block;
    }

    void put(ArenaThread thread, int sizeClass, long block) {
        CacheBin bin = bins[sizeClass];
        if (!bin.push(block)) {
            flush(thread, bin, layout.remainder(bin));
            bin.push(block);
        }
    }

    /// One step of the incremental GC: flushes most of the blocks of the next bin that were not needed since its last turn
    /// (`tcache_event`).
    void gc(ArenaThread thread) {
        thread.task.charge(gcNs);
        CacheBin bin = bins[nextGcBin];
        if (bin.lowWater > 0) {
            if (bin.sizeClass < SizeClasses.BINS) {
                gcSmall(thread, bin);
            } else {
                flush(thread, bin, bin.count - bin.lowWater + (bin.lowWater >> 2));
            }
        } else if (bin.refilled) {
            bin.lgFillDiv = Math.max(1, bin.lgFillDiv - 1);
            bin.refilled = false;
        }
        bin.lowWater = bin.count;
        nextGcBin = (nextGcBin + 1) % bins.length;
    }

    /// Whether the next step of the GC finds nothing to flush.
    boolean gcNeedsOnlyCache() {
        return bins[nextGcBin].lowWater == 0;
    }

    private void gcSmall(ArenaThread thread, CacheBin bin) {
        int surplus = bin.lowWater - (bin.lowWater >> 2);
        if (surplus < bin.gcDelay) {
            bin.gcDelay -= surplus;
            return;
        }
        bin.gcDelay = layout.gcDelay(bin.sizeClass);
        flush(thread, bin, bin.count - surplus);
        if (bin.capacity >> (bin.lgFillDiv + 1) >= 1) {
            bin.lgFillDiv++;
        }
    }

    /// Flushes everything.
    void flushAll(ArenaThread thread) {
        for (CacheBin bin : bins) {
            flush(thread, bin, 0);
        }
    }

    /// Returns the oldest blocks to the arenas they came from until `remaining` are left (`tcache_bin_flush_impl`).
    private void flush(ArenaThread thread, CacheBin bin, int remaining) {
        int flushed = bin.count - remaining;
        for (int i = 0; i < flushed; i++) {
            victims[i] = bin.blocks[flushed - 1 - i];
            extents[i] = emap.lookup(victims[i]);
        }
        if (bin.sizeClass < SizeClasses.BINS) {
            flushSmall(thread, bin, flushed);
        } else {
            flushLarge(thread, bin, flushed);
        }
        bin.dropBottom(flushed);
    }

    private void flushSmall(ArenaThread thread, CacheBin bin, int flushed) {
        int empty = 0;
        boolean told = false;
        int left = flushed;
        while (left > 0) {
            Arena owner = arenas.of(extents[0]);
            Bin shard = owner.bin(bin.sizeClass, extents[0].binShard());
            shard.mutex.lock(thread.task);
            if (owner == arena && !told) {
                told = true;
                tell(bin, shard);
            }
            int deferred = 0;
            int emptyBefore = empty;
            for (int i = 0; i < left; i++) {
                Edata slab = extents[i];
                if (slab.arena() != owner.index() || slab.binShard() != shard.shard) {
                    victims[deferred] = victims[i];
                    extents[deferred++] = slab;
                } else if (shard.giveBack(slab, shard.info.regionAt(victims[i] - slab.base()))) {
                    emptySlabs[empty++] = slab;
                }
            }
            owner.returned(thread, shard, left - deferred, empty - emptyBefore);
            shard.mutex.unlock(thread.task);
            owner.decayTicks(thread, left - deferred);
            left = deferred;
        }
        for (int i = 0; i < empty; i++) {
            arenas.of(emptySlabs[i]).deallocSlab(thread, emptySlabs[i]);
        }
        if (!told) {
            Bin shard = arena.binOf(thread, bin.sizeClass);
            shard.mutex.lock(thread.task);
            tell(bin, shard);
            shard.mutex.unlock(thread.task);
        }
    }

    private static void tell(CacheBin bin, Bin shard) {
        shard.nflushes++;
        shard.nrequests += bin.takeRequests();
    }

    private void flushLarge(ArenaThread thread, CacheBin bin, int flushed) {
        int left = flushed;
        while (left > 0) {
            Arena owner = arenas.of(extents[0]);
            int deferred = 0;
            for (int i = 0; i < left; i++) {
                Edata extent = extents[i];
                if (extent.arena() == owner.index()) {
                    owner.finishLarge(thread, extent);
                } else {
                    extents[deferred++] = extent;
                }
            }
            owner.decayTicks(thread, left - deferred);
            left = deferred;
        }
        arena.countLargeFlush(bin.sizeClass, bin.takeRequests());
    }

    void forEachBlock(ObjLongConsumer<Integer> action) {
        for (CacheBin bin : bins) {
            for (int i = 0; i < bin.count; i++) {
                action.accept(bin.sizeClass, bin.blocks[i]);
            }
        }
    }

    /// Bytes in cached blocks.
    long bytes() {
        long bytes = 0;
        for (CacheBin bin : bins) {
            bytes += bin.count * SizeClasses.size(bin.sizeClass);
        }
        return bytes;
    }
}
