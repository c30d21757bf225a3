package io.janklab.workloads.app.process;

import io.janklab.allocator.art.JavaHeap;
import io.janklab.allocator.art.Mutator;
import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.syscall.Syscalls;
import io.janklab.workloads.scenario.JavaHeapModel;

/// A thread that runs Java code: it computes, allocates and touches objects only in managed code, and is in native code for everything
/// else, where no collector waits for it.
public final class JavaThread {
    private final Syscalls syscalls;
    private final JavaHeap heap;
    private final JavaHeapModel model;
    private final Task task;
    private final Mutator mutator;
    private final long workingSetPages;
    private double largeOwed;

    JavaThread(Syscalls syscalls, JavaHeap heap, JavaHeapModel model, Task task) {
        this.syscalls = syscalls;
        this.heap = heap;
        this.model = model;
        this.task = task;
        this.mutator = heap.attach(task);
        this.workingSetPages = model.workingSetBytes() / Hardware.PAGE_SIZE;
    }

    /// From native to managed code.
    public void enter() {
        heap.enter(mutator);
    }

    /// From managed to native code.
    public void leave() {
        heap.leave(mutator);
    }

    public void compute(long ns) {
        heap.compute(mutator, ns);
    }

    /// Allocates objects, some of them large if the scenario says so, and writes them.
    public void allocate(long bytes) {
        double large = bytes * model.largeShare();
        heap.allocate(mutator, bytes - (long) large);
        for (largeOwed += large; largeOwed >= model.largeBytes(); largeOwed -= model.largeBytes()) {
            syscalls.memory().write(task, heap.allocateArray(mutator, model.largeBytes()), model.largeBytes());
        }
    }

    /// Reads a file of `bytes` bytes into a fresh array: straight into a large object, which does not move; through `nativeBuffer` into a
    /// small one.
    public void read(long bytes, long nativeBuffer) {
        if (JavaHeap.isLarge(bytes)) {
            copyOut(heap.allocateArray(mutator, bytes), bytes);
        } else {
            copyOut(nativeBuffer, bytes);
            syscalls.memory().write(task, heap.allocateArray(mutator, bytes), bytes);
        }
    }

    private void copyOut(long address, long bytes) {
        leave();
        syscalls.copyToUser(task, address, bytes);
        enter();
    }

    /// Reads pages `from` to `end` of those that `seed` picks from the working set.
    public void touch(long seed, int from, int end) {
        for (int i = from; i < end; i++) {
            heap.touch(mutator, (mix(seed + i) % workingSetPages + 0.5) / workingSetPages);
        }
    }

    /// SplitMix64's finalizer, as a number that is not negative.
    private static long mix(long value) {
        long z = value * 0x9e3779b97f4a7c15L;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return (z ^ z >>> 31) >>> 1;
    }

    /// A new object holds `bytes` of native memory.
    public void registerNativeAllocation(long bytes) {
        heap.registerNativeAllocation(mutator, bytes);
    }
}
