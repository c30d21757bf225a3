package io.janklab.kernel.syscall;

/// A user-mode access to an address that is not mapped, or not for that kind of access: SIGSEGV.
public final class SegmentationFault extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient long address;

    public SegmentationFault(String taskName, long address, boolean write) {
        super(String.format("SIGSEGV: %s %s 0x%x", taskName, write ? "wrote to" : "read from", address));
        this.address = address;
    }

    public long address() {
        return address;
    }
}
