package io.janklab.kernel.lock.policy;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.trace.LockMode;

/// A waiter for an rw_semaphore (`struct rwsem_waiter`), as a policy sees it.
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

    /// How many tasks that came after it have been let in before it.
    int bypassed();

    /// Whether it has asked for hand-off.
    boolean hasHandoff();
}
