package io.janklab.allocator.scudo;

/// A mapping that holds one block beyond the primary's sizes, between guard pages (`LargeBlock::Header`, `CachedBlock`).
final class LargeBlock {
    /// Bytes before a chunk: the mapping's own header and the chunk's (`getHeadersSize`).
    static final long HEADERS = 48 + Chunk.HEADER_SIZE;

    final long mapBase;
    final long mapSize;
    /// The part that may be accessed.
    final long commitBase;
    final long commitSize;
    /// The program's address, if it holds the block.
    long address;
    /// Bytes the program asked for.
    long size;
    /// When it was freed (ns).
    long freedNs;
    /// Whether its pages read zero.
    boolean zeroed = true;

    LargeBlock(long mapBase, long mapSize, long commitBase, long commitSize) {
        this.mapBase = mapBase;
        this.mapSize = mapSize;
        this.commitBase = commitBase;
        this.commitSize = commitSize;
    }

    long end() {
        return commitBase + commitSize;
    }

    /// The highest place for `bytes` with that alignment; there may be no room for headers before it.
    long place(long bytes, long alignment) {
        return SizeClassMap.roundDown(end() - bytes, alignment);
    }

    void use(long newAddress, long newSize) {
        address = newAddress;
        size = newSize;
    }
}
