package io.janklab.kernel.cpu;

import io.janklab.kernel.trace.TaskState;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// Tasks asleep for one reason, first come first woken (Linux `wait_queue_head`).
public final class WaitQueue {
    private final ArrayDeque<Task> waiters = new ArrayDeque<>();

    /// Joins the queue and sleeps until woken from it. The caller has settled and seen that it must wait.
    public void await(Task task, TaskState state) {
        waiters.addLast(task);
        try {
            task.block(state);
        } catch (TaskKilled e) {
            waiters.remove(task);
            throw e;
        }
    }

    /// Wakes the first waiter.
    ///
    /// @param waker the task that wakes and pays, or null for an interrupt
    /// @return the task that was woken, or null if none waited
    public @Nullable Task wakeOne(@Nullable Task waker) {
        Task first = waiters.pollFirst();
        if (first != null) {
            first.wake(waker);
        }
        return first;
    }

    /// Wakes all waiters.
    ///
    /// @return how many were woken
    public int wakeAll(@Nullable Task waker) {
        int woken = 0;
        while (wakeOne(waker) != null) {
            woken++;
        }
        return woken;
    }

    public boolean isEmpty() {
        return waiters.isEmpty();
    }
}
