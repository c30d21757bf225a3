package io.janklab.explore;

import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.TraceListener;
import io.janklab.kernel.trace.TracedLock;
import io.janklab.kernel.trace.TracedTask;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which lock each task waits for, according to the tracepoints; and that no task waits for ever while others come and go.
final class WaitsFor implements TraceListener {
    /// How often others may be granted a lock while a task waits for it.
    private final int mostOvertaken;
    private final Map<TracedTask, Wait> waits = new LinkedHashMap<>();

    private static final class Wait {
        final TracedLock lock;
        int overtaken;

        Wait(TracedLock lock) {
            this.lock = lock;
        }
    }

    WaitsFor(int mostOvertaken) {
        this.mostOvertaken = mostOvertaken;
    }

    /// Null if the task does not wait.
    @Nullable TracedLock lockOf(TracedTask task) {
        Wait wait = waits.get(task);
        return wait == null ? null : wait.lock;
    }

    private void begins(TracedTask task, TracedLock lock) {
        if (lockOf(task) != lock) {
            waits.put(task, new Wait(lock));
        }
    }

    @Override
    public void lockWait(long now, TracedLock lock, TracedTask task, LockMode mode) {
        begins(task, lock);
    }

    @Override
    public void contentionBegin(long now, TracedLock lock, TracedTask task, LockMode mode) {
        begins(task, lock);
    }

    @Override
    public void contentionEnd(long now, TracedLock lock, TracedTask task, LockMode mode) {
        waits.remove(task);
    }

    @Override
    public void lockAcquired(long now, TracedLock lock, TracedTask task, LockMode mode, long waitedNs) {
        waits.remove(task);
        waits.forEach((waiter, wait) -> {
            if (wait.lock == lock && ++wait.overtaken > mostOvertaken) {
                throw Starvation.overtaken(waiter, lock, wait.overtaken);
            }
        });
    }

    @Override
    public void lockAborted(long now, TracedLock lock, TracedTask task, LockMode mode) {
        waits.remove(task);
    }
}
