package io.janklab.workloads.app.binder;

import io.janklab.kernel.Process;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.syscall.BinderFd;
import io.janklab.workloads.input.BadInput;
import org.jspecify.annotations.Nullable;

/// A process's connection to Binder (libbinder's `ProcessState`).
final class ProcessState {
    /// `BINDER_VM_SIZE`: 1 MiB less two pages.
    static final long BINDER_BYTES = (1 << 20) - (2 << 12);

    private @Nullable BinderFd fd;

    /// As libbinder does at the process's start, before its threads call or answer.
    ///
    /// @throws BadInput if there is no memory for it
    void open(Task task, Process process) {
        BinderFd opened = process.syscalls().openBinder(task, BINDER_BYTES);
        if (opened == null) {
            throw new BadInput("the device is too small for this scenario: " + process.name() + " cannot map Binder's memory.");
        }
        task.settle();
        fd = opened;
    }

    /// Of a process that has opened Binder.
    BinderFd fd() {
        if (fd == null) {
            throw new IllegalStateException("a Binder call in a process that has not opened Binder");
        }
        return fd;
    }
}
