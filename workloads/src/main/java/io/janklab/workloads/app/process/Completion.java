package io.janklab.workloads.app.process;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.WaitQueue;
import io.janklab.kernel.trace.TaskState;
import org.jspecify.annotations.Nullable;

/// Something that happens once and that others may wait for (a futex word, a Binder reply).
public final class Completion {
    private final WaitQueue waiters = new WaitQueue();
    private boolean complete;

    /// It has happened; `by` is null for an interrupt.
    public void complete(@Nullable Task by) {
        if (by != null) {
            by.settle();
        }
        complete = true;
        waiters.wakeAll(by);
    }

    public void await(Task task) {
        task.settle();
        while (!complete) {
            waiters.await(task, TaskState.INTERRUPTIBLE);
            task.settle();
        }
    }
}
