package io.janklab.allocator.art;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.syscall.Syscalls;

/// A collector's metadata about the heap, released by one MADV_DONTNEED when it is done: bitmaps, cards, stacks.
final class SideMap {
    private final String name;
    private final long capacity;
    @SuppressWarnings("NullAway.Init")
    private MemMap map;

    /// @param capacity bytes
    SideMap(String name, long capacity) {
        this.name = name;
        this.capacity = MemMap.pageAlign(capacity);
    }

    void start(Task task, Syscalls syscalls) {
        map = MemMap.map(task, syscalls, name, capacity);
    }

    /// Writes the part of it that describes the first `used` of `whole` bytes of the heap.
    void fill(Task task, long used, long whole) {
        map.syscalls().memory().write(task, map.begin(), Math.max(1, capacity * used / whole));
    }

    long begin() {
        return map.begin();
    }

    void release(Task task) {
        map.release(task);
    }
}
