package io.janklab.kernel.syscall;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.cpu.Task;

/// Entry into the kernel by a system call, and return (`entry_SYSCALL_64`, `syscall_exit_to_user_mode`).
///
/// @param costs of entering and leaving together
record SystemCallGate(CostModel costs) {
    void enter(Task task, String call) {
        task.inSystemCall(call);
        task.enterKernel(call);
        charge(task);
    }

    /// The cost alone, for file descriptors that are opened and closed: no call in any trace.
    void charge(Task task) {
        task.charge(costs, Cost.SYSCALL);
    }

    /// When a call returns, its cost has passed; to a killed task it does not return.
    long leave(Task task, long result) {
        task.settle();
        task.inSystemCall(null);
        task.returnToUserMode();
        return result;
    }
}
