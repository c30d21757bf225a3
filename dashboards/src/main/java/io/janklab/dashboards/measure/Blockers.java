package io.janklab.dashboards.measure;

import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.TracedLock;

/// Who stands between a waiting task and its lock, right now.
///
/// A wait that began earlier stands ahead, as in the FIFO queues of Linux's sleeping locks. Of several in the way, the least urgent is
/// named; among equals the one that came first.
final class Blockers {
    private final TaskTable tasks;
    private TaskMirror ahead;
    private TaskMirror holder;
    private LockMode holderMode;
    private long holderSince;

    Blockers(TaskTable tasks) {
        this.tasks = tasks;
    }

    void find(TaskMirror waiter) {
        TracedLock lock = waiter.wantedLock();
        findAhead(lock, queueEnd(lock, waiter));
        holder = null;
        boolean exclusive = waiter.wantedMode() == LockMode.WRITE || ahead != null;
        for (int tid = 0; tid < tasks.end(); tid++) {
            TaskMirror other = tasks.at(tid);
            if (other != null && other != waiter) {
                considerHolder(other, other.held().indexOf(lock), exclusive);
            }
        }
    }

    /// Waits that began before this number stand ahead of `waiter`: for a writer all earlier ones. A reader minds only writers, and who
    /// stands ahead of those.
    private long queueEnd(TracedLock lock, TaskMirror waiter) {
        if (waiter.wantedMode() == LockMode.WRITE) {
            return waiter.waitNumber();
        }
        long end = 0;
        for (int tid = 0; tid < tasks.end(); tid++) {
            TaskMirror other = tasks.at(tid);
            boolean writer = other != null && other.waitsFor(lock) && other.wantedMode() == LockMode.WRITE;
            if (writer && other.waitNumber() < waiter.waitNumber()) {
                end = Math.max(end, other.waitNumber() + 1);
            }
        }
        return end;
    }

    private void findAhead(TracedLock lock, long queueEnd) {
        ahead = null;
        for (int tid = 0; tid < tasks.end(); tid++) {
            TaskMirror other = tasks.at(tid);
            if (other != null && other.waitsFor(lock) && other.waitNumber() < queueEnd) {
                considerAhead(other);
            }
        }
    }

    private void considerAhead(TaskMirror other) {
        if (ahead == null
                || other.prio() > ahead.prio()
                || other.prio() == ahead.prio() && other.waitNumber() < ahead.waitNumber()) {
            ahead = other;
        }
    }

    private void considerHolder(TaskMirror other, int hold, boolean exclusive) {
        if (hold < 0 || !exclusive && other.held().mode(hold) == LockMode.READ) {
            return;
        }
        long since = other.held().since(hold);
        if (holder == null || other.prio() > holder.prio() || other.prio() == holder.prio() && since < holderSince) {
            holder = other;
            holderMode = other.held().mode(hold);
            holderSince = since;
        }
    }

    /// The task queued ahead that is named, or null.
    TaskMirror ahead() {
        return ahead;
    }

    /// The holder that is named, or null if the lock is free at this moment.
    TaskMirror holder() {
        return holder;
    }

    LockMode holderMode() {
        return holderMode;
    }
}
