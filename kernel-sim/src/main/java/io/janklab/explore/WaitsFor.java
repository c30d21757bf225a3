package io.janklab.explore;

import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.TraceListener;
import io.janklab.kernel.trace.TracedLock;
import io.janklab.kernel.trace.TracedTask;
import java.util.IdentityHashMap;
import java.util.Map;

/// Which lock each task waits for, as the tracepoints tell.
final class WaitsFor implements TraceListener {
    /// Only looked up, never iterated.
    private final Map<TracedTask, TracedLock> locks = new IdentityHashMap<>();

    /// Null if the task waits for none.
    TracedLock lockOf(TracedTask task) {
        return locks.get(task);
    }

    @Override
    public void lockWait(long now, TracedLock lock, TracedTask task, LockMode mode) {
        locks.put(task, lock);
    }

    @Override
    public void contentionBegin(long now, TracedLock lock, TracedTask task, LockMode mode) {
        locks.put(task, lock);
    }

    @Override
    public void contentionEnd(long now, TracedLock lock, TracedTask task, LockMode mode) {
        locks.remove(task);
    }

    @Override
    public void lockAcquired(long now, TracedLock lock, TracedTask task, LockMode mode, long waitedNs) {
        locks.remove(task);
    }

    @Override
    public void lockAborted(long now, TracedLock lock, TracedTask task, LockMode mode) {
        locks.remove(task);
    }
}
