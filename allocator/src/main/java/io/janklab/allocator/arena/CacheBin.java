package io.janklab.allocator.arena;

/// A thread's stack of free blocks of one size class (`cache_bin.h`).
final class CacheBin {
    final int sizeClass;
    final int capacity;
    /// Bottom first; the last of `count` is handed out next.
    final long[] blocks;
    int count;
    /// The least `count` since the last GC: that many blocks were not needed.
    int lowWater;
    /// A small bin is filled with capacity / 2^`lgFillDiv` blocks.
    int lgFillDiv = 1;
    boolean refilled;
    /// Blocks a GC may still spare before it flushes.
    int gcDelay;
    /// Blocks handed out and not yet reported to the arena.
    long requests;

    CacheBin(int sizeClass, int capacity, int gcDelay) {
        this.sizeClass = sizeClass;
        this.capacity = capacity;
        this.gcDelay = gcDelay;
        this.blocks = new long[capacity];
    }

    /// The most recently freed block, or 0 if there is none.
    long pop() {
        if (count == 0) {
            return 0;
        }
        long block = blocks[--count];
        if (count < lowWater) {
            lowWater = count;
        }
        return block;
    }

    boolean hasRoom() {
        return count < capacity;
    }

    /// @return whether there was room
    boolean push(long block) {
        if (!hasRoom()) {
            return false;
        }
        blocks[count++] = block;
        return true;
    }

    /// Of the `wanted` blocks, filled in from the top down, `filled` have arrived: fewer if memory ran out.
    void filled(int wanted, int filled) {
        System.arraycopy(blocks, wanted - filled, blocks, 0, filled);
        count = filled;
    }

    /// Drops the `flushed` blocks at the bottom.
    void dropBottom(int flushed) {
        count -= flushed;
        System.arraycopy(blocks, flushed, blocks, 0, count);
        lowWater = Math.min(lowWater, count);
    }

    long takeRequests() {
        long taken = requests;
        requests = 0;
        return taken;
    }
}
