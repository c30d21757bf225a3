package io.janklab.kernel.syscall;

/// A user-mode access needed a page and none was left: the OOM killer ends the process (SIGKILL).
public final class OutOfMemoryKill extends RuntimeException {
    private static final long serialVersionUID = 1;

    public OutOfMemoryKill(String taskName, long address) {
        super(String.format("SIGKILL: out of memory when %s touched 0x%x", taskName, address));
    }
}
