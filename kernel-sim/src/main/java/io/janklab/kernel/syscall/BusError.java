package io.janklab.kernel.syscall;

/// An access raised SIGBUS in a process that has no handler for it.
public final class BusError extends RuntimeException {
    private static final long serialVersionUID = 1;

    public BusError(String taskName, long address) {
        super(String.format("SIGBUS: %s touched 0x%x", taskName, address));
    }
}
