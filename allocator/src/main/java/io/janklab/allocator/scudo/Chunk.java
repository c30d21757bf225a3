package io.janklab.allocator.scudo;

/// The header before a chunk of the primary, packed into a word (`chunk.h`, without origin and checksum). 0 is a block that was never a
/// chunk.
final class Chunk {
    /// From a block's start to its chunk, if nothing more than the least alignment is asked for (bytes).
    static final long HEADER_SIZE = 16;
    /// Bytes of the header that are written.
    static final long WORD = 8;

    private static final int SIZE_BITS = 20;
    private static final int OFFSET_BITS = 16;
    private static final long AVAILABLE = 1L << (SIZE_BITS + OFFSET_BITS);
    private static final long ALLOCATED = AVAILABLE << 1;

    private Chunk() {}

    /// @param size bytes asked for
    /// @param offset bytes the alignment put between the least possible place and the chunk
    static long allocated(long size, long offset) {
        return ALLOCATED | offset >> SizeClassMap.LG_ALIGNMENT << SIZE_BITS | size;
    }

    static long resized(long header, long size) {
        return allocated(size, offset(header));
    }

    /// The header once the chunk is freed.
    static long available(long header) {
        return (header & ~ALLOCATED) | AVAILABLE;
    }

    static boolean isAllocated(long header) {
        return (header & ALLOCATED) != 0;
    }

    static long size(long header) {
        return header & (1L << SIZE_BITS) - 1;
    }

    static long offset(long header) {
        return (header >>> SIZE_BITS & (1L << OFFSET_BITS) - 1) << SizeClassMap.LG_ALIGNMENT;
    }
}
