package io.janklab.allocator;

import io.janklab.kernel.cpu.Task;
import java.util.function.Consumer;

/// A heap whose unused pages are returned to the kernel over time, by the tasks that call [#decay].
public interface DecayingHeap extends Heap {
    /// No purge is due.
    long NEVER = Long.MAX_VALUE;

    /// Returns the pages that are due to the kernel.
    void decay(Task task);

    /// Time (ns) from now until it is worth calling [#decay] again, or [#NEVER].
    long timeUntilDecay(Task task);

    /// Sets a listener that is called by each task that leaves pages unused, so that it can wake a sleeping purger. It is called often and
    /// must be quick.
    void onUnusedPages(Consumer<Task> listener);

    /// How many background threads the heap wants for purging.
    default int backgroundThreads() {
        return 0;
    }

    /// The name of such a thread.
    default String backgroundThreadName() {
        return "heap purger";
    }

    /// The body of background thread `index`, for a task of the process; never returns.
    default void runBackgroundThread(Task task, int index) {
        throw new IllegalArgumentException("this heap has no background thread " + index);
    }
}
