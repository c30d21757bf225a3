package io.janklab.dashboards.measure;

import io.janklab.kernel.trace.LockMode;

/// The tasks that block a waiting task from its lock, at this moment.
///
/// A wait that began earlier is ahead, as in the FIFO queues of Linux's sleeping locks. Of several blockers, the least urgent is named;
/// among equals the one that came first.
final class Blockers {
    private LockPlace ahead;
    private LockPlace holder;

    void find(TaskMirror waiter) {
        LockPlace wait = waiter.lockWait();
        ahead = wait.queue.ahead(wait);
        holder = wait.queue.holder(waiter, wait.mode == LockMode.WRITE || ahead != null);
    }

    /// The task queued ahead that is named, or null.
    TaskMirror ahead() {
        return ahead == null ? null : ahead.task;
    }

    /// The holder that is named, or null if the lock is free at this moment.
    TaskMirror holder() {
        return holder == null ? null : holder.task;
    }

    LockMode holderMode() {
        return holder.mode;
    }
}
