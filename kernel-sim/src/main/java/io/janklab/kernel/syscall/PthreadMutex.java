package io.janklab.kernel.syscall;

import io.janklab.kernel.cpu.Task;

/// A user-space mutex: free of system calls while uncontended, `futex(2)` when it must wait or wake. No priority inheritance.
public interface PthreadMutex {
    void lock(Task task);

    boolean tryLock(Task task);

    /// @throws IllegalStateException if `task` does not hold it
    void unlock(Task task);
}
