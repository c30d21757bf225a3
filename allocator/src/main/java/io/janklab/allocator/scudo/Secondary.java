package io.janklab.allocator.scudo;

import io.janklab.allocator.HeapCost;
import io.janklab.allocator.HeapCosts;
import io.janklab.allocator.HeapMisuse;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.syscall.PthreadMutex;
import io.janklab.kernel.syscall.Syscalls;
import io.janklab.kernel.uapi.Errno;
import io.janklab.kernel.uapi.Mman;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Blocks beyond the primary's sizes: a mapping each (`MapAllocator`).
final class Secondary {
    private static final int RESERVE = Mman.MAP_PRIVATE | Mman.MAP_ANONYMOUS | Mman.MAP_NORESERVE;
    private static final int COMMIT = Mman.MAP_PRIVATE | Mman.MAP_ANONYMOUS | Mman.MAP_FIXED;

    final SecondaryCache cache;
    private final Syscalls syscalls;
    private final PthreadMutex mutex;
    private final long blockNs;
    /// By the program's address.
    private final TreeMap<Long, LargeBlock> inUse = new TreeMap<>();

    // Statistics
    long allocs;
    long frees;
    long inUseBytes;

    Secondary(Syscalls syscalls, ScudoOptions options, HeapCosts costs) {
        this.cache = new SecondaryCache(syscalls, options);
        this.syscalls = syscalls;
        this.mutex = syscalls.newMutex("scudo secondary");
        this.blockNs = costs.ns(HeapCost.LARGE);
    }

    /// A block for a chunk of `size` bytes, or null.
    @Nullable LargeBlock allocate(Task task, long size, long alignment) {
        task.charge(blockNs);
        long least = SizeClassMap.roundUp(size + LargeBlock.HEADERS, SizeClassMap.PAGE);
        boolean cached = alignment < SizeClassMap.PAGE && cache.canCache(least);
        LargeBlock block = cached ? cache.retrieve(task, size, alignment) : null;
        if (block == null) {
            block = map(task, size, alignment);
        }
        if (block == null) {
            return null;
        }
        block.use(block.place(size, alignment), size);
        syscalls.memory().write(task, block.address - LargeBlock.HEADERS, LargeBlock.HEADERS);
        mutex.lock(task);
        inUse.put(block.address, block);
        inUseBytes += block.commitSize;
        allocs++;
        mutex.unlock(task);
        return block;
    }

    /// A page of headers and guards around the requested size; a large alignment costs address space, which is never trimmed.
    private @Nullable LargeBlock map(Task task, long size, long alignment) {
        long rounded = SizeClassMap.roundUp(SizeClassMap.roundUp(size, alignment) + LargeBlock.HEADERS, SizeClassMap.PAGE);
        long mapSize = rounded + Math.max(0, alignment - SizeClassMap.PAGE) + 2 * SizeClassMap.PAGE;
        long mapBase = syscalls.mmap(task, 0, mapSize, Mman.PROT_NONE, RESERVE);
        if (Errno.isError(mapBase)) {
            return null;
        }
        long commitBase = mapBase + SizeClassMap.PAGE;
        if (alignment >= SizeClassMap.PAGE) {
            commitBase = SizeClassMap.roundUp(commitBase + 1, alignment) - SizeClassMap.PAGE;
        }
        long commitSize = mapBase + mapSize - SizeClassMap.PAGE - commitBase;
        if (Errno.isError(syscalls.mmap(task, commitBase, commitSize, Mman.PROT_RW, COMMIT))) {
            syscalls.munmap(task, mapBase, mapSize);
            return null;
        }
        syscalls.setAnonName(task, commitBase, commitSize, "scudo:secondary");
        return new LargeBlock(mapBase, mapSize, commitBase, commitSize);
    }

    /// Takes back a block the program held.
    void deallocate(Task task, LargeBlock block) {
        inUse.remove(block.address);
        task.charge(blockNs);
        mutex.lock(task);
        inUseBytes -= block.commitSize;
        frees++;
        mutex.unlock(task);
        if (cache.canCache(block.commitSize)) {
            cache.store(task, block);
        } else {
            syscalls.munmap(task, block.mapBase, block.mapSize);
        }
    }

    Iterable<LargeBlock> inUse() {
        return inUse.values();
    }

    /// The block of a chunk the program holds.
    ///
    /// @throws HeapMisuse if `address` is none
    LargeBlock held(long address) {
        Map.Entry<Long, LargeBlock> below = inUse.floorEntry(address);
        if (below != null && address < below.getValue().end()) {
            if (below.getKey() != address) {
                throw HeapMisuse.interiorPointer(address, below.getKey());
            }
            return below.getValue();
        }
        for (LargeBlock cached : cache.entries()) {
            if (cached.address == address) {
                throw HeapMisuse.doubleFree(address);
            }
        }
        throw HeapMisuse.foreignPointer(address);
    }
}
