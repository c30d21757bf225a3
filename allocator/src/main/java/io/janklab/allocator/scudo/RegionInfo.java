package io.janklab.allocator.scudo;

import io.janklab.allocator.HeapMisuse;
import io.janklab.kernel.syscall.PthreadMutex;
import io.janklab.kernel.syscall.Syscalls;
import java.util.Arrays;

/// The blocks of one size class: consecutive addresses, mapped as they are needed (`RegionInfo` in `primary64.h`). Blocks go by number.
final class RegionInfo {
    /// Bytes (log2) of address space a region has (`RegionSizeLog`).
    static final int LG_SIZE = 28;
    static final long SIZE = 1L << LG_SIZE;
    private static final int MOST_OFFSET_PAGES = 16;

    final int sizeClass;
    final long blockSize;
    /// For mapping and releasing; taken before [#freeLock].
    final PthreadMutex mapLock;
    /// For the free list.
    final PthreadMutex freeLock;
    final Xorshift random;
    final FreeList free;
    final PageUse pages = new PageUse();
    final ReleaseInfo release;

    private final long reserved;
    private final long begin;
    /// Bytes mapped, and bytes cut into blocks, from [#begin] on.
    long mapped;
    long allocated;
    boolean exhausted;
    long poppedBlocks;
    long pushedBlocks;
    private long[] headers = new long[64];

    /// @param reserved first address of the region's space
    RegionInfo(int sizeClass, long reserved, Syscalls syscalls, int seed) {
        this.sizeClass = sizeClass;
        this.blockSize = SizeClassMap.size(sizeClass);
        this.mapLock = syscalls.newMutex("scudo region " + blockSize + " map");
        this.freeLock = syscalls.newMutex("scudo region " + blockSize + " free list");
        this.random = new Xorshift(seed);
        this.free = new FreeList(blockSize);
        this.release = new ReleaseInfo(blockSize);
        this.reserved = reserved;
        this.begin = reserved + (random.below(MOST_OFFSET_PAGES) + 1) * SizeClassMap.PAGE;
    }

    long begin() {
        return begin;
    }

    /// Bytes of address space after the random offset.
    long capacity() {
        return reserved + SIZE - begin;
    }

    int blocks() {
        return (int) (allocated / blockSize);
    }

    long address(int block) {
        return begin + block * blockSize;
    }

    /// The block that an address of this region lies in, though it may not exist yet.
    int blockAt(long address) {
        return (int) ((address - begin) / blockSize);
    }

    /// Free bytes, cached blocks not among them.
    long freeBytes() {
        return allocated - (poppedBlocks - pushedBlocks) * blockSize;
    }

    // Chunks

    /// The program gets a chunk in `block`.
    void handOut(int block, long size, long offset) {
        if (block >= headers.length) {
            headers = Arrays.copyOf(headers, Math.max(2 * headers.length, block + 1));
        }
        headers[block] = Chunk.allocated(size, offset);
        pages.change(block * blockSize, blockSize, true);
    }

    /// The program has freed the chunk in `block`.
    void takeIn(int block) {
        headers[block] = Chunk.available(headers[block]);
        pages.change(block * blockSize, blockSize, false);
    }

    void resize(int block, long size) {
        headers[block] = Chunk.resized(headers[block], size);
    }

    /// Bytes the program asked for when it got the chunk in `block`.
    long requested(int block) {
        return Chunk.size(headers[block]);
    }

    long header(int block) {
        return block < headers.length ? headers[block] : 0;
    }

    /// The block of a chunk the program holds.
    ///
    /// @throws HeapMisuse if `address` is none
    int held(long address) {
        int block = address < begin ? Integer.MAX_VALUE : blockAt(address);
        long header = block < blocks() ? header(block) : 0;
        if (header == 0) {
            throw HeapMisuse.foreignPointer(address);
        }
        long chunk = address(block) + Chunk.HEADER_SIZE + Chunk.offset(header);
        if (address != chunk) {
            throw HeapMisuse.interiorPointer(address, chunk);
        }
        if (!Chunk.isAllocated(header)) {
            throw HeapMisuse.doubleFree(address);
        }
        return block;
    }
}
