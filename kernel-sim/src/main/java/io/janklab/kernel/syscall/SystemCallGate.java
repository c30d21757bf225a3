package io.janklab.kernel.syscall;

import io.janklab.kernel.cpu.Task;

/// The way into the kernel by a system call, and back (`entry_SYSCALL_64`, `syscall_exit_to_user_mode`).
///
/// @param entryNs what entering and leaving cost together
record SystemCallGate(long entryNs) {
    void enter(Task task, String call) {
        task.inSystemCall(call);
        task.enterKernel(call);
        charge(task);
    }

    /// The price alone, for file descriptors that are opened and closed: no call in anybody's trace.
    void charge(Task task) {
        task.charge(entryNs);
    }

    /// What a call has cost has passed when it returns; to a killed task it does not.
    long leave(Task task, long result) {
        task.settle();
        task.inSystemCall(null);
        task.returnToUserMode();
        return result;
    }
}
