package io.janklab.kernel.syscall;

import io.janklab.kernel.cpu.Task;

/// A process's handler of SIGBUS (`sigaction(2)`). It runs in the task that made the access, which is retried when it returns.
@FunctionalInterface
public interface SigbusHandler {
    void handle(Task task, long address);
}
