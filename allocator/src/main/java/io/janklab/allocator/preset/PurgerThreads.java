package io.janklab.allocator.preset;

import io.janklab.allocator.DecayingHeap;
import io.janklab.allocator.Purger;
import io.janklab.allocator.art.NativePurge;
import io.janklab.allocator.art.TaskProcessor;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.syscall.Syscalls;
import java.util.function.Consumer;

/// The threads that purge a heap.
public final class PurgerThreads {
    /// A process that can start a thread.
    @FunctionalInterface
    public interface Spawner {
        void spawn(String name, int nice, Consumer<Task> body);
    }

    /// The nice value of ART's daemons.
    private static final int DAEMON_NICE = 4;

    private PurgerThreads() {}

    /// Starts the heap's background threads, if it has any.
    public static void startBackground(DecayingHeap heap, Spawner spawner) {
        for (int i = 0; i < heap.backgroundThreads(); i++) {
            int index = i;
            spawner.spawn(heap.backgroundThreadName(), 0, task -> heap.runBackgroundThread(task, index));
        }
    }

    /// Starts the threads of `purger`, including a HeapTaskDaemon if it is that; a ticking thread needs none.
    public static void start(DecayingHeap heap, Purger purger, Syscalls syscalls, Spawner spawner) {
        startBackground(heap, spawner);
        if (purger == Purger.HEAP_TASK_DAEMON) {
            TaskProcessor heapTasks = new TaskProcessor(syscalls);
            new NativePurge(heapTasks, heap);
            spawner.spawn("HeapTaskDaemon", DAEMON_NICE, heapTasks::runAllTasks);
        }
    }
}
