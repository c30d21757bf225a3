package io.janklab.kernel.lock;

import io.janklab.kernel.cpu.Scheduler;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.interleave.Shared;
import io.janklab.kernel.trace.LockMode;

/// One who queues for an rw_semaphore (Linux `struct rwsem_waiter`).
final class RwsemWaiter {
    private static final long MAX_OVERTAKEN_NS = 5_000_000_000L;

    final Task task;
    final LockMode mode;
    /// The jiffy after which it may ask for hand-off: `RWSEM_WAIT_TIMEOUT` is one at HZ = 250.
    private final long timeout;
    boolean handoffSet;
    boolean granted;

    RwsemWaiter(Task task, LockMode mode) {
        this.task = task;
        this.mode = mode;
        this.timeout = jiffies() + 1;
    }

    private long jiffies() {
        task.interleaving().note(Shared.CLOCK, 0, false);
        return task.now() / Scheduler.TICK_NS;
    }

    boolean hasTimedOut() {
        return jiffies() > timeout;
    }

    /// Whether it has waited so long that not even a vendor's hook lets others overtake it.
    boolean isImpatient() {
        return (jiffies() - timeout) * Scheduler.TICK_NS > MAX_OVERTAKEN_NS;
    }
}
