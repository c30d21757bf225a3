package io.janklab.allocator;

/// The checks of a request that every heap makes first.
public final class Requests {
    private Requests() {}

    /// Bytes that `calloc` is asked for.
    ///
    /// @throws HeapMisuse if the product overflows
    public static long bytes(long count, long size) {
        long bytes = count * size;
        if (count < 0 || size < 0 || bytes < 0 || Math.multiplyHigh(count, size) != 0) {
            throw HeapMisuse.sizeOverflow(Long.toUnsignedString(count) + " × " + Long.toUnsignedString(size));
        }
        return bytes;
    }

    /// @throws HeapMisuse if it is not a power of two
    public static void checkAlignment(long alignment) {
        if (alignment <= 0 || (alignment & (alignment - 1)) != 0) {
            throw HeapMisuse.badAlignment(alignment);
        }
    }
}
