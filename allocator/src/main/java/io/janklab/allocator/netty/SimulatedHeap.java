package io.janklab.allocator.netty;

import io.janklab.allocator.DecayingHeap;
import io.janklab.allocator.HeapCosts;
import io.janklab.allocator.preset.HeapConfig;
import io.janklab.allocator.preset.PurgerThreads;
import io.janklab.kernel.Process;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.TaskAttributes;
import java.nio.ByteBuffer;

/// One of the process's two heaps: the one whose bytes are Java arrays, or the one whose bytes are native memory.
final class SimulatedHeap {
    /// A block of it.
    ///
    /// @param offset of the first byte in `pages.bytes`
    /// @param usable bytes it really has, or as many of them as a buffer can hold
    record Block(long address, HostPages pages, int offset, int usable) {}

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
        HostedSyscalls syscalls = new HostedSyscalls(inside.syscalls(), memory, isNative ? ByteBuffer::allocateDirect : ByteBuffer::allocate);
        long seed = hosted.kernel().simulation().random("native-heap").nextLong();
        this.heap = config.create(syscalls, hosted.kernel().scheduler().cpuCount(), HeapCosts.defaults(), seed);
        PurgerThreads.start(heap, config.purger(), syscalls, (name, nice, body) -> inside.spawn(name, TaskAttributes.normal(nice), body));
    }

    /// A block of at least `size` bytes, whose contents are whatever they are.
    ///
    /// @throws OutOfMemoryError if the simulated machine, or the host, has no more
    Block allocate(int size) {
        Block cached = process.atOnce(task -> {
            long address = heap.mallocCached(task, size);
            return address == 0 ? null : handOut(address);
        });
        return cached != null ? cached : process.call(task -> handOut(checked(heap.malloc(task, size), size)));
    }

    /// The same contents in a block of at least `size` bytes; the old one is gone.
    ///
    /// @throws OutOfMemoryError if there is no more memory; the old block is then as it was
    Block resize(Block old, int size) {
        return process.call(task -> {
            long address = checked(heap.realloc(task, old.address, Math.max(1, size)), size);
            used -= old.usable;
            return handOut(address);
        });
    }

    private static long checked(long address, int size) {
        if (address == 0) {
            throw new OutOfMemoryError("the simulated process has no memory for " + size + " bytes");
        }
        return address;
    }

    private Block handOut(long address) {
        HostPages pages = memory.find(address);
        int usable = (int) Math.min(heap.usableSize(address), Integer.MAX_VALUE);
        used += usable;
        return new Block(address, pages, (int) (address - pages.base), usable);
    }

    void free(Block block) {
        boolean cached = process.atOnce(task -> {
            used -= block.usable;
            return heap.freeCached(task, block.address);
        });
        if (!cached) {
            process.call(task -> {
                heap.free(task, block.address);
                return null;
            });
        }
    }

    /// A load or store of `length` bytes at `index` of a block: faults where the process does not have the page.
    void touch(Block block, int index, int length, boolean write) {
        int offset = block.offset + index;
        if (!block.pages.areKnown(offset, length, write, memory.epoch())) {
            process.call(task -> {
                memory.touch(task, block.pages, block.address + index, length, write);
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

    void threadExit(Task task) {
        heap.threadExit(task);
    }
}
