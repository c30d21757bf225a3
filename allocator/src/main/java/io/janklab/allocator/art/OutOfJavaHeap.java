package io.janklab.allocator.art;

/// The app's `java.lang.OutOfMemoryError`: nothing could be freed, or the kernel had no address space for the heap.
public final class OutOfJavaHeap extends RuntimeException {
    private static final long serialVersionUID = 1;

    OutOfJavaHeap(String message) {
        super(message);
    }
}
