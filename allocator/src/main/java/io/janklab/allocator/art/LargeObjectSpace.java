package io.janklab.allocator.art;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.syscall.PthreadMutex;
import io.janklab.kernel.syscall.Syscalls;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.TreeMap;
import java.util.TreeSet;

/// Objects of three pages and more, each on pages of its own, which never move; every dead one is released by a `madvise` of its own,
/// outside the lock (`gc/space/large_object_space.cc`, `FreeListSpace`). Bytes and addresses.
///
/// A large object that survives a collection dies in the next.
final class LargeObjectSpace {
    /// `kMinLargeObjectThreshold`.
    static final long MIN_BYTES = 12 << 10;

    private record Block(long begin, long bytes) {}

    private final Syscalls syscalls;
    private final PthreadMutex lock;
    private final long capacity;
    /// `free_blocks_`: the smallest that fits is taken, and among equals the lowest.
    private final TreeSet<Block> bySize = new TreeSet<>(Comparator.comparingLong(Block::bytes).thenComparingLong(Block::begin));
    private final TreeMap<Long, Block> byBegin = new TreeMap<>();
    /// Allocated since the last collection began.
    private ArrayDeque<Block> young = new ArrayDeque<>();
    private ArrayDeque<Block> survivors = new ArrayDeque<>();
    private ArrayDeque<Block> dead = new ArrayDeque<>();
    @SuppressWarnings("NullAway.Init")
    private MemMap map;
    private long allocated;

    LargeObjectSpace(Syscalls syscalls, long capacity) {
        this.syscalls = syscalls;
        this.capacity = capacity;
        this.lock = syscalls.newMutex("free list space lock");
    }

    void start(Task task) {
        map = MemMap.map(task, syscalls, "free list large object space", capacity);
        addFree(new Block(map.begin(), map.bytes()));
    }

    /// An object's address, or 0 if there is no room. Nothing has been written to it.
    long allocate(Task task, long bytes) {
        long size = MemMap.pageAlign(bytes);
        lock.lock(task);
        Block free = bySize.ceiling(new Block(0, size));
        if (free != null) {
            removeFree(free);
            if (free.bytes() > size) {
                addFree(new Block(free.begin() + size, free.bytes() - size));
            }
            young.addLast(new Block(free.begin(), size));
            allocated += size;
        }
        lock.unlock(task);
        return free == null ? 0 : free.begin();
    }

    /// Decides which of the objects there are now are dead.
    void mark(Lifetimes lifetimes) {
        dead.addAll(survivors);
        survivors = young;
        young = new ArrayDeque<>();
        long stay = lifetimes.survivorsOf(survivors.size());
        while (survivors.size() > stay) {
            dead.addLast(survivors.removeFirst());
        }
    }

    /// Frees the dead objects.
    ///
    /// @return their bytes
    long sweep(Task task) {
        long freed = 0;
        for (Block block = dead.pollFirst(); block != null; block = dead.pollFirst()) {
            map.release(task, block.begin(), block.bytes());
            lock.lock(task);
            addFree(block);
            allocated -= block.bytes();
            lock.unlock(task);
            freed += block.bytes();
        }
        return freed;
    }

    long allocatedBytes() {
        return allocated;
    }

    private void addFree(Block block) {
        long begin = block.begin();
        long end = begin + block.bytes();
        var below = byBegin.lowerEntry(begin);
        if (below != null && below.getValue().begin() + below.getValue().bytes() == begin) {
            begin = below.getKey();
            removeFree(below.getValue());
        }
        Block above = byBegin.get(end);
        if (above != null) {
            end += above.bytes();
            removeFree(above);
        }
        Block joined = new Block(begin, end - begin);
        bySize.add(joined);
        byBegin.put(begin, joined);
    }

    private void removeFree(Block block) {
        bySize.remove(block);
        byBegin.remove(block.begin());
    }
}
