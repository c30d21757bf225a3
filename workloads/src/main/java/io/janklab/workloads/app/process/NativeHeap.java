package io.janklab.workloads.app.process;

import io.janklab.allocator.DecayingHeap;
import io.janklab.allocator.HeapCosts;
import io.janklab.allocator.Purger;
import io.janklab.allocator.art.NativePurge;
import io.janklab.allocator.art.TaskProcessor;
import io.janklab.allocator.preset.HeapConfig;
import io.janklab.allocator.preset.PurgerThreads;
import io.janklab.kernel.Kernel;
import io.janklab.kernel.Process;
import io.janklab.kernel.cpu.CpuSet;
import io.janklab.kernel.cpu.TaskAttributes;

/// Creates a process's native heap and starts its purger.
public final class NativeHeap {
    private NativeHeap() {}

    public static DecayingHeap create(Kernel kernel, Process process, HeapConfig config) {
        long seed = kernel.simulation().random("native-heap").nextLong();
        return config.create(process.syscalls(), kernel.scheduler().cpuCount(), HeapCosts.defaults(), seed);
    }

    /// Starts the heap's background threads, or queues purging for the HeapTaskDaemon; a ticking thread needs neither.
    public static void startPurger(DecayingHeap heap, Purger purger, TaskProcessor heapTasks, Process process, CpuSet cpus) {
        if (purger == Purger.HEAP_TASK_DAEMON) {
            new NativePurge(heapTasks, heap);
        }
        PurgerThreads.startBackground(heap, (name, nice, body) -> process.spawn(name, TaskAttributes.normal(nice, cpus), body));
    }
}
