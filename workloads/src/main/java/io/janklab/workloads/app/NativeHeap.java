package io.janklab.workloads.app;

import io.janklab.allocator.HeapCosts;
import io.janklab.allocator.HeapOptions;
import io.janklab.allocator.Purger;
import io.janklab.allocator.arena.ArenaHeap;
import io.janklab.allocator.art.NativePurge;
import io.janklab.allocator.art.TaskProcessor;
import io.janklab.allocator.preset.PurgerThreads;
import io.janklab.kernel.Kernel;
import io.janklab.kernel.Process;
import io.janklab.kernel.cpu.CpuSet;
import io.janklab.kernel.cpu.TaskAttributes;

/// Makes a process's native heap, and whoever purges it.
final class NativeHeap {
    private NativeHeap() {}

    static ArenaHeap create(Kernel kernel, Process process, HeapOptions options) {
        long seed = kernel.simulation().random("native-heap").nextLong();
        return new ArenaHeap(process.syscalls(), kernel.scheduler().cpuCount(), options, HeapCosts.defaults(), seed);
    }

    /// Starts the heap's background threads, or tells the HeapTaskDaemon to purge; a ticking thread needs nobody.
    static void startPurger(ArenaHeap heap, Purger purger, TaskProcessor heapTasks, Process process, CpuSet cpus) {
        if (purger == Purger.HEAP_TASK_DAEMON) {
            new NativePurge(heapTasks, heap);
        }
        PurgerThreads.startBackground(heap, (name, nice, body) -> process.spawn(name, TaskAttributes.normal(nice, cpus), body));
    }
}
