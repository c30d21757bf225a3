package io.janklab.kernel.lock.policy;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.trace.LockMode;

/// One who queues for an rw_semaphore (`struct rwsem_waiter`), as a policy sees it.
public interface Waiter {
    Task task();

    LockMode mode();

    default boolean isWriter() {
        return mode() == LockMode.WRITE;
    }

    /// How long it has waited beyond its patience, one jiffy of 4 ms (`RWSEM_WAIT_TIMEOUT`), in ns; below zero before that.
    long overdueNs();

    default boolean hasTimedOut() {
        return overdueNs() > 0;
    }

    /// How many have been let in ahead of it since it queues: those who were not there yet when it came.
    int bypassed();

    /// Whether it has asked for hand-off.
    boolean hasHandoff();
}
