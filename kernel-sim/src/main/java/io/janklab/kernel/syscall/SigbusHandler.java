package io.janklab.kernel.syscall;

import io.janklab.kernel.cpu.Task;

/// What a process does about SIGBUS (`sigaction(2)`). It runs in the task that made the access, which is tried again when it returns.
@FunctionalInterface
public interface SigbusHandler {
    void handle(Task task, long address);
}
