package io.janklab.allocator.scudo;

import java.util.BitSet;
import java.util.Locale;

/// Checks a heap's whole structure: every block of a region is the program's, in one cache, or on the free list, and the counters agree.
/// For tests, while no task is inside the heap.
public final class ScudoValidator {
    private final ScudoHeap heap;

    private ScudoValidator(ScudoHeap heap) {
        this.heap = heap;
    }

    /// @throws IllegalStateException saying what is wrong
    public static void check(ScudoHeap heap) {
        ScudoValidator validator = new ScudoValidator(heap);
        heap.primary().forEach(validator::checkRegion);
        validator.checkSecondary();
    }

    private void checkRegion(RegionInfo region) {
        BitSet seen = new BitSet();
        int previous = -1;
        for (FreeList.Group group : region.free.groups()) {
            require(group.index > previous && group.count() > 0, "groups of blocks of %d are out of order or empty", region.blockSize);
            previous = group.index;
            for (int i = 0; i < group.count(); i++) {
                require(region.free.groupOf(group.block(i)) == group.index, "block %d of %d is in a wrong group", group.block(i),
                        region.blockSize);
                see(region, seen, group.block(i));
            }
        }
        require(seen.cardinality() == region.free.blocks(), "blocks of %d on the free list are counted wrong", region.blockSize);
        long free = region.blocks() - (region.poppedBlocks - region.pushedBlocks);
        require(free == region.free.blocks(), "%d blocks of %d are free, but %d are counted", region.free.blocks(), region.blockSize, free);
        heap.contexts().forEach(context -> {
            for (int i = 0; i < context.cache.count(region.sizeClass); i++) {
                see(region, seen, context.cache.block(region.sizeClass, i));
            }
        });
        for (int block = 0; block < region.blocks(); block++) {
            boolean held = Chunk.isAllocated(region.header(block));
            require(held != seen.get(block), "block %d of %d is %s", block, region.blockSize, held ? "both free and in use" : "lost");
        }
        require(region.allocated <= region.mapped, "blocks of %d extend beyond the mapped memory", region.blockSize);
    }

    private static void see(RegionInfo region, BitSet seen, int block) {
        require(block >= 0 && block < region.blocks() && !seen.get(block), "block %d of %d is free twice", block, region.blockSize);
        seen.set(block);
    }

    private void checkSecondary() {
        long bytes = 0;
        long end = 0;
        for (LargeBlock block : heap.secondary().inUse()) {
            require(block.address - LargeBlock.HEADERS >= block.commitBase, "the headers of 0x%x are outside its mapping", block.address);
            require(block.address + block.size <= block.end(), "the block at 0x%x reaches out of its mapping", block.address);
            require(block.commitBase >= end, "the mapping of 0x%x overlaps another", block.address);
            end = block.end();
            bytes += block.commitSize;
        }
        require(bytes == heap.secondary().inUseBytes, "%d bytes are in use, but %d are counted", bytes, heap.secondary().inUseBytes);
    }

    private static void require(boolean holds, String message, Object... arguments) {
        if (!holds) {
            throw new IllegalStateException(String.format(Locale.ROOT, message, arguments));
        }
    }
}
