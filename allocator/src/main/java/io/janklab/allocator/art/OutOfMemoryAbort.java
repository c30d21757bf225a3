package io.janklab.allocator.art;

/// The runtime gives up, as ART does (`LOG(FATAL)`), since the kernel has no memory for a call that it cannot do without.
public final class OutOfMemoryAbort extends RuntimeException {
    private static final long serialVersionUID = 1;

    OutOfMemoryAbort(String message) {
        super(message);
    }
}
