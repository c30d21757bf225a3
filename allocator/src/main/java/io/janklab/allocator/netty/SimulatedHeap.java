package io.janklab.allocator.netty;

import io.janklab.allocator.DecayingHeap;
import io.janklab.allocator.HeapCosts;
import io.janklab.allocator.arena.ArenaHeap;
import io.janklab.allocator.arena.HeapValidator;
import io.janklab.allocator.preset.HeapConfig;
import io.janklab.allocator.preset.PurgerThreads;
import io.janklab.kernel.Process;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.TaskAttributes;
import java.nio.ByteBuffer;

/// One of the process's two heaps: the one whose bytes are Java arrays, or the one whose bytes are native memory.
final class SimulatedHeap {
    private final HostedProcess process;
    private final HostMemory memory;
    private final DecayingHeap heap;
    private final boolean isNative;
    /// Bytes in blocks that buffers hold; only under the process's lock.
    private long used;

    SimulatedHeap(HostedProcess hosted, HostMemory memory, HeapConfig config, boolean isNative) {
        this.process = hosted;
        this.memory = memory;
        this.isNative = isNative;
        Process inside = hosted.process();
        HostedSyscalls syscalls = new HostedSyscalls(inside.syscalls(), memory,
                isNative ? ByteBuffer::allocateDirect : ByteBuffer::allocate);
        long seed = hosted.kernel().simulation().random("native-heap").nextLong();
        this.heap = config.create(syscalls, hosted.kernel().scheduler().cpuCount(), HeapCosts.defaults(), seed);
        PurgerThreads.start(heap, config.purger(), syscalls, (name, nice, body) -> inside.spawn(name, TaskAttributes.normal(nice), body));
    }

    /// Gives a buffer a block of at least `size` bytes, with undefined contents.
    ///
    /// @throws OutOfMemoryError if the simulated machine, or the host, has no more
    void allocate(BlockHolder buffer, int size) {
        if (!allocateCached(buffer, size)) {
            process.call(task -> handOut(buffer, checked(heap.malloc(task, size), size)));
        }
    }

    private boolean allocateCached(BlockHolder buffer, int size) {
        Task task = process.enter();
        try {
            long address = heap.mallocCached(task, size);
            return address != 0 && handOut(buffer, address);
        } finally {
            process.leave();
        }
    }

    /// Gives a buffer a block of at least `size` bytes with the contents of its block at `old`, which is freed.
    ///
    /// @throws OutOfMemoryError if there is no more memory; the old block is then as it was
    void resize(BlockHolder buffer, long old, int size) {
        process.call(task -> {
            int usable = usable(old);
            long address = checked(heap.realloc(task, old, Math.max(1, size)), size);
            used -= usable;
            return handOut(buffer, address);
        });
    }

    private static long checked(long address, int size) {
        if (address == 0) {
            throw new OutOfMemoryError("the simulated process has no memory for " + size + " bytes");
        }
        return address;
    }

    private boolean handOut(BlockHolder buffer, long address) {
        int usable = usable(address);
        used += usable;
        buffer.use(address, memory.find(address), usable);
        return true;
    }

    /// The usable size of a block, or as much of it as a buffer can hold.
    private int usable(long address) {
        return (int) Math.min(heap.usableSize(address), Integer.MAX_VALUE);
    }

    /// @param usable the block's usable size
    void free(long address, int usable) {
        if (!freeCached(address, usable)) {
            process.call(task -> {
                heap.free(task, address);
                return null;
            });
        }
    }

    private boolean freeCached(long address, int usable) {
        Task task = process.enter();
        try {
            used -= usable;
            return heap.freeCached(task, address);
        } finally {
            process.leave();
        }
    }

    /// A load or store of `length` bytes at `offset` of a mapping: faults where the process does not have the page.
    void touch(HostPages pages, int offset, int length, boolean write) {
        if (!pages.areKnown(offset, length, write, memory.epoch())) {
            process.call(task -> {
                memory.touch(task, pages, pages.base + offset, length, write);
                return null;
            });
        }
    }

    /// Whether its bytes are native memory, not Java arrays.
    boolean isNative() {
        return isNative;
    }

    /// Bytes in blocks that buffers hold.
    long used() {
        return process.read(() -> used);
    }

    DecayingHeap heap() {
        return heap;
    }

    void check() {
        if (heap instanceof ArenaHeap arenas) {
            HeapValidator.check(arenas);
        }
    }

    void threadExit(Task task) {
        heap.threadExit(task);
    }
}
