package io.janklab.kernel.lock;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.trace.LockClass;
import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.TracedLock;
import io.janklab.kernel.trace.Tracepoints;

/// What every traced lock shares: its name, and the book-keeping when it changes hands.
abstract class KernelLock implements TracedLock {
    final Tracepoints tracepoints;
    final CostModel costs;
    private final LockClass lockClass;
    private final String name;

    KernelLock(Tracepoints tracepoints, CostModel costs, LockClass lockClass, String name) {
        this.tracepoints = tracepoints;
        this.costs = costs;
        this.lockClass = lockClass;
        this.name = name;
    }

    @Override
    public final LockClass lockClass() {
        return lockClass;
    }

    @Override
    public final String name() {
        return name;
    }

    /// One uncontended atomic operation, and whatever the task owed before it.
    final void payAndSettle(Task task) {
        task.charge(costs.ns(Cost.LOCK));
        task.settle();
    }

    final void acquired(Task task, LockMode mode, long wantedAt) {
        task.held().push(this, mode);
        tracepoints.lockAcquired(task.now(), this, task, mode, task.now() - wantedAt);
    }

    final void released(Task task, LockMode mode) {
        task.held().remove(this);
        tracepoints.lockReleased(task.now(), this, task, mode);
    }
}
