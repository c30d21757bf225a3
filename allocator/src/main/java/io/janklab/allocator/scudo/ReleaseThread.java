package io.janklab.allocator.scudo;

import io.janklab.allocator.DecayingHeap;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.trace.TaskState;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A thread that releases pages when they are due, so that no thread of the app does. Scudo has none: this is the what-if behind
/// [io.janklab.allocator.Purger#BACKGROUND_THREAD].
final class ReleaseThread {
    /// Not more often than jemalloc's background threads (ns).
    private static final long MIN_INTERVAL = 100_000_000;

    private final ScudoHeap heap;
    /// Null until the thread has started.
    private @Nullable Task thread;
    /// Asleep until unused pages are reported.
    private boolean idle;

    ReleaseThread(ScudoHeap heap) {
        this.heap = heap;
    }

    /// Never returns.
    void run(Task task) {
        thread = task;
        while (true) {
            heap.decay(task);
            task.settle();
            sleep(task, heap.timeUntilDecay(task));
        }
    }

    private void sleep(Task task, long delay) {
        if (delay == DecayingHeap.NEVER) {
            idle = true;
            task.block(TaskState.INTERRUPTIBLE);
        } else {
            task.blockUntil(TaskState.INTERRUPTIBLE, task.now() + Math.max(delay, MIN_INTERVAL));
        }
    }

    /// Called by the thread that frees a block.
    void pagesUnused(Task from) {
        if (idle && heap.timeUntilDecay(from) != DecayingHeap.NEVER) {
            idle = false;
            Objects.requireNonNull(thread, "asleep, so it has started").wake(from);
        }
    }
}
