package io.janklab.allocator;

/// A run of whole pages of a heap, as it is now.
///
/// @param address of its first byte
/// @param bytes whole pages
public record HeapExtent(long address, long bytes, State state) {
    /// The state of its pages on their way back to the kernel.
    public enum State {
        /// Holds blocks, or did and is cached.
        ACTIVE,
        /// Unused; its pages are still there.
        DIRTY,
        /// Unused; the kernel may take its pages when it needs them.
        MUZZY,
        /// Address space only.
        RETAINED
    }

    /// One past the last byte.
    public long end() {
        return address + bytes;
    }
}
