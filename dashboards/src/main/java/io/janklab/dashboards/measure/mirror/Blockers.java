package io.janklab.dashboards.measure.mirror;

import io.janklab.kernel.trace.LockMode;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The tasks that block a waiting task from its lock, at this moment.
///
/// A wait that began earlier is ahead, as in the FIFO queues of Linux's sleeping locks. Of several blockers, the least urgent is named;
/// among equals the one that came first.
public final class Blockers {
    private @Nullable LockPlace ahead;
    private @Nullable LockPlace holder;

    public void find(TaskMirror waiter) {
        LockPlace wait = Objects.requireNonNull(waiter.lockWait());
        ahead = wait.queue.ahead(wait);
        holder = wait.queue.holder(waiter, wait.mode == LockMode.WRITE || ahead != null);
    }

    /// The task queued ahead that is named, or null.
    public @Nullable TaskMirror ahead() {
        return ahead == null ? null : ahead.task;
    }

    /// The holder that is named, or null if the lock is free at this moment.
    public @Nullable TaskMirror holder() {
        return holder == null ? null : holder.task;
    }

    /// Of the lock that is not free.
    public LockMode holderMode() {
        return Objects.requireNonNull(holder).mode;
    }
}
