package io.janklab.allocator;

import io.janklab.kernel.cpu.Task;
import java.util.function.Consumer;

/// A heap whose unused pages go back to the kernel over time, by whoever calls [#decay].
public interface DecayingHeap extends Heap {
    /// No purge is in sight.
    long NEVER = Long.MAX_VALUE;

    /// Gives back the pages whose time has come.
    void decay(Task task);

    /// Time (ns) from now until it is worth calling [#decay] again, or [#NEVER].
    long timeUntilDecay(Task task);

    /// Has `listener` called by a task that leaves pages unused, so that a purger asleep may be told. Called often: it must be quick.
    void onUnusedPages(Consumer<Task> listener);

    /// How many threads of its own the heap wants for purging.
    default int backgroundThreads() {
        return 0;
    }

    /// The body of background thread `index`, for a task of the process; never returns.
    default void runBackgroundThread(Task task, int index) {
        throw new IllegalArgumentException("this heap has no background thread " + index);
    }
}
