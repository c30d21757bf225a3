package io.janklab.workloads.app;

import io.janklab.allocator.Heap;
import io.janklab.allocator.HeapCosts;
import io.janklab.allocator.HeapOptions;
import io.janklab.allocator.arena.ArenaHeap;
import io.janklab.kernel.Kernel;
import io.janklab.kernel.Process;

/// Makes a process's native heap.
final class NativeHeap {
    private NativeHeap() {}

    static Heap create(Kernel kernel, Process process, HeapOptions options) {
        long seed = kernel.simulation().random("native-heap").nextLong();
        return new ArenaHeap(process.syscalls(), kernel.scheduler().cpuCount(), options, HeapCosts.defaults(), seed);
    }
}
