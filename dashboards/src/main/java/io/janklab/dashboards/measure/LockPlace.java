package io.janklab.dashboards.measure;

import io.janklab.kernel.trace.LockMode;

/// A task's wait for a contended lock, or its hold of one, and where that stands in the lock's [Ranking].
final class LockPlace {
    final LockQueue queue;
    final TaskMirror task;
    final LockMode mode;
    /// Of waits the number, of holds since when (ns): the lower came first.
    final long order;
    /// By which it is ranked; kept up to date by [LockQueues].
    int prio;
    LockPlace previous;
    LockPlace next;
    /// Of a wait: the writer that came last before it. It may have gone.
    private LockPlace writerBefore;
    private boolean gone;

    LockPlace(LockQueue queue, TaskMirror task, LockMode mode, long order) {
        this.queue = queue;
        this.task = task;
        this.mode = mode;
        this.order = order;
        this.prio = task.prio();
    }

    void comesAfter(LockPlace writer) {
        writerBefore = writer;
    }

    void goes() {
        gone = true;
    }

    /// The writer still waiting that came last before it, or null. Those that have gone are skipped once and for all.
    LockPlace writerBefore() {
        while (writerBefore != null && writerBefore.gone) {
            writerBefore = writerBefore.writerBefore;
        }
        return writerBefore;
    }
}
