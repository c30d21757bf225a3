package io.janklab.kernel.lock;

import io.janklab.kernel.cpu.Scheduler;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.interleave.Interleaving;
import io.janklab.kernel.interleave.Shared;
import io.janklab.kernel.lock.policy.Waiter;
import io.janklab.kernel.trace.LockMode;

/// A waiter for an rw_semaphore (Linux `struct rwsem_waiter`).
final class RwsemWaiter implements Waiter {
    final Task task;
    final LockMode mode;
    /// The jiffy after which it may ask for hand-off: `RWSEM_WAIT_TIMEOUT` is one at HZ = 250.
    private final long timeout;
    boolean handoffSet;
    boolean granted;
    /// A writer's turn has come since it last tried.
    boolean woken;
    /// How many have been let in since, or placed ahead of it in the queue.
    int bypassed;

    RwsemWaiter(Task task, LockMode mode) {
        this.task = task;
        this.mode = mode;
        this.timeout = jiffies() + 1;
    }

    private long jiffies() {
        Interleaving.note(task.interleaving(), Shared.CLOCK, 0, false);
        return task.now() / Scheduler.TICK_NS;
    }

    @Override
    public Task task() {
        return task;
    }

    @Override
    public LockMode mode() {
        return mode;
    }

    @Override
    public long overdueNs() {
        return (jiffies() - timeout) * Scheduler.TICK_NS;
    }

    @Override
    public int bypassed() {
        return bypassed;
    }

    @Override
    public boolean hasHandoff() {
        return handoffSet;
    }
}
