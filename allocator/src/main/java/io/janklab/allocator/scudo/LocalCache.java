package io.janklab.allocator.scudo;

import io.janklab.kernel.cpu.Task;

/// A cache of free blocks of every class: when a class is empty half its capacity is fetched, when it is full half is returned
/// (`SizeClassAllocatorLocalCache`). Used only under its context's lock.
final class LocalCache {
    private final Primary primary;
    private final int[][] blocks = new int[SizeClassMap.COUNT][];
    private final int[] counts = new int[SizeClassMap.COUNT];

    LocalCache(Primary primary) {
        this.primary = primary;
        for (int sizeClass = 1; sizeClass < SizeClassMap.COUNT; sizeClass++) {
            blocks[sizeClass] = new int[2 * SizeClassMap.maxCached(sizeClass)];
        }
    }

    /// A block of that class, or −1 if there is no more memory.
    int take(Task task, int sizeClass) {
        if (counts[sizeClass] == 0) {
            counts[sizeClass] = primary.pop(task, primary.region(sizeClass), blocks[sizeClass], blocks[sizeClass].length / 2);
            if (counts[sizeClass] == 0) {
                return -1;
            }
        }
        return blocks[sizeClass][--counts[sizeClass]];
    }

    /// @return whether blocks had to be returned to make room
    boolean put(Task task, int sizeClass, int block) {
        boolean full = counts[sizeClass] == blocks[sizeClass].length;
        if (full) {
            drain(task, sizeClass);
        }
        blocks[sizeClass][counts[sizeClass]++] = block;
        return full;
    }

    /// Returns the half that has been cached longest.
    private void drain(Task task, int sizeClass) {
        int count = Math.min(blocks[sizeClass].length / 2, counts[sizeClass]);
        primary.push(task, primary.region(sizeClass), blocks[sizeClass], count);
        counts[sizeClass] -= count;
        System.arraycopy(blocks[sizeClass], count, blocks[sizeClass], 0, counts[sizeClass]);
    }

    void drainAll(Task task) {
        for (int sizeClass = 1; sizeClass < SizeClassMap.COUNT; sizeClass++) {
            while (counts[sizeClass] > 0) {
                drain(task, sizeClass);
            }
        }
    }

    int count(int sizeClass) {
        return counts[sizeClass];
    }

    int block(int sizeClass, int i) {
        return blocks[sizeClass][i];
    }
}
