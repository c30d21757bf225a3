package io.janklab.workloads.app.process;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.WaitQueue;
import io.janklab.kernel.trace.TaskState;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// A thread's queue of messages, and where it sleeps while that is empty: a Looper on epoll and eventfd, or a pool on a futex.
///
/// Posting and taking after a sleep cost one system call each.
public final class Mailbox<M> {
    private final ArrayDeque<M> messages = new ArrayDeque<>();
    private final WaitQueue readers = new WaitQueue();
    private final long syscallNs;

    public Mailbox(long syscallNs) {
        this.syscallNs = syscallNs;
    }

    /// Adds a message and wakes a sleeping reader; `by` is null for an interrupt.
    public void post(@Nullable Task by, M message) {
        if (by != null) {
            by.compute(syscallNs);
        }
        messages.addLast(message);
        readers.wakeOne(by);
    }

    /// The oldest message; sleeps until there is one.
    public M take(Task task) {
        task.settle();
        while (messages.isEmpty()) {
            readers.await(task, TaskState.INTERRUPTIBLE);
            task.charge(syscallNs);
            task.settle();
        }
        return messages.removeFirst();
    }
}
