package io.janklab.allocator.arena;

import io.janklab.kernel.cpu.Task;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The heap's state per thread, found by the calling task.
final class Threads {
    private final long seed;
    private ThreadState[] byTid = new ThreadState[64];
    private @Nullable ThreadState last;

    Threads(long seed) {
        this.seed = seed;
    }

    /// The state of that thread; made if it is new to the heap.
    ThreadState of(Task task) {
        ThreadState found = last;
        if (found != null && found.task == task) {
            return found;
        }
        int tid = task.tid();
        if (tid >= byTid.length) {
            byTid = Arrays.copyOf(byTid, Math.max(tid + 1, byTid.length * 2));
        }
        if (byTid[tid] == null) {
            byTid[tid] = new ThreadState(task, seed + tid);
        }
        last = byTid[tid];
        return last;
    }

    void remove(ThreadState thread) {
        byTid[thread.task.tid()] = null;
        last = null;
    }

    void forEach(Consumer<ThreadState> action) {
        for (ThreadState thread : byTid) {
            if (thread != null) {
                action.accept(thread);
            }
        }
    }
}
