package io.janklab.allocator.scudo;

import io.janklab.allocator.HeapCost;
import io.janklab.allocator.HeapCosts;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.syscall.Syscalls;
import io.janklab.kernel.uapi.Errno;
import io.janklab.kernel.uapi.Mman;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Blocks of up to 64 KiB: a region of address space for each size class, all reserved at once, in random order (`primary64.h`).
final class Primary {
    /// Bytes by which a region's mapping grows (`MapSizeIncrement`).
    private static final long MAP_INCREMENT = 1L << 18;
    /// How many caches' worth of blocks are cut at once (`MaxNumBatches`).
    private static final int FRESH_BATCHES = 4;
    private static final int RESERVE = Mman.MAP_PRIVATE | Mman.MAP_ANONYMOUS | Mman.MAP_NORESERVE;
    private static final int COMMIT = Mman.MAP_PRIVATE | Mman.MAP_ANONYMOUS | Mman.MAP_FIXED;

    private final Syscalls syscalls;
    private final PageReleaser releaser;
    private final Xorshift random;
    private final long takeNs;
    private final long returnNs;
    private final long growNs;
    private long base;
    private final RegionInfo[] byClass = new RegionInfo[SizeClassMap.COUNT];
    private final RegionInfo[] byPlace = new RegionInfo[SizeClassMap.COUNT];

    Primary(Syscalls syscalls, PageReleaser releaser, HeapCosts costs, int seed) {
        this.syscalls = syscalls;
        this.releaser = releaser;
        this.random = new Xorshift(seed);
        this.takeNs = costs.ns(HeapCost.REGION_TAKE);
        this.returnNs = costs.ns(HeapCost.REGION_RETURN);
        this.growNs = costs.ns(HeapCost.SLAB_INIT);
    }

    boolean isReserved() {
        return base != 0;
    }

    /// Reserves every region's address space.
    ///
    /// @return whether the kernel gave it
    boolean reserve(Task task) {
        long address = syscalls.mmap(task, 0, RegionInfo.SIZE * SizeClassMap.COUNT, Mman.PROT_NONE, RESERVE);
        if (Errno.isError(address)) {
            return false;
        }
        syscalls.setAnonName(task, address, RegionInfo.SIZE * SizeClassMap.COUNT, "scudo:primary_reserve");
        int[] places = new int[SizeClassMap.COUNT];
        for (int i = 0; i < places.length; i++) {
            places[i] = i;
        }
        random.shuffle(places, 0, places.length);
        for (int sizeClass = 1; sizeClass < SizeClassMap.COUNT; sizeClass++) {
            int place = places[sizeClass];
            byClass[sizeClass] = new RegionInfo(sizeClass, address + ((long) place << RegionInfo.LG_SIZE), syscalls, random.next() | 1);
            byPlace[place] = byClass[sizeClass];
        }
        base = address;
        return true;
    }

    RegionInfo region(int sizeClass) {
        return byClass[sizeClass];
    }

    /// The region that address lies in, or null.
    @Nullable RegionInfo find(long address) {
        long place = (address - base) >>> RegionInfo.LG_SIZE;
        return base != 0 && place < byPlace.length ? byPlace[(int) place] : null;
    }

    void forEach(Consumer<RegionInfo> action) {
        for (RegionInfo region : byClass) {
            if (region != null) {
                action.accept(region);
            }
        }
    }

    // Blocks

    /// Takes at most `most` free blocks, cutting fresh ones if there are none (`popBlocks`).
    ///
    /// @return how many came; 0 if there is no more memory
    int pop(Task task, RegionInfo region, int[] out, int most) {
        int popped = popFree(task, region, out, most);
        if (popped > 0) {
            return popped;
        }
        region.mapLock.lock(task);
        // The lock was released meanwhile.
        popped = popFree(task, region, out, most);
        if (popped == 0 && !region.exhausted) {
            popped = populate(task, region, out, most);
        }
        region.mapLock.unlock(task);
        return popped;
    }

    private int popFree(Task task, RegionInfo region, int[] out, int most) {
        region.freeLock.lock(task);
        int popped = region.free.pop(out, most);
        region.poppedBlocks += popped;
        task.charge(takeNs * popped);
        region.freeLock.unlock(task);
        return popped;
    }

    /// Cuts fresh blocks, mapping more if needed, and takes of them (`populateFreeListAndPopBlocks`). The map lock is held.
    private int populate(Task task, RegionInfo region, int[] out, int most) {
        task.charge(growNs);
        int maxCached = SizeClassMap.maxCached(region.sizeClass);
        if (!ensureMapped(task, region, region.allocated + maxCached * region.blockSize)) {
            return 0;
        }
        int count = (int) Math.min((long) FRESH_BATCHES * maxCached, (region.mapped - region.allocated) / region.blockSize);
        int first = region.blocks();
        int[] fresh = new int[count];
        for (int i = 0; i < count; i++) {
            fresh[i] = first + i;
        }
        region.freeLock.lock(task);
        shuffleGroups(region, fresh);
        region.free.push(fresh, 0, count);
        int popped = region.free.pop(out, most);
        region.poppedBlocks += popped;
        region.allocated += count * region.blockSize;
        region.freeLock.unlock(task);
        return popped;
    }

    private boolean ensureMapped(Task task, RegionInfo region, long bytes) {
        if (bytes <= region.mapped) {
            return true;
        }
        long size = SizeClassMap.roundUp(bytes - region.mapped, MAP_INCREMENT);
        if (region.mapped + size > region.capacity()) {
            region.exhausted = true;
            return false;
        }
        long address = region.begin() + region.mapped;
        if (Errno.isError(syscalls.mmap(task, address, size, Mman.PROT_RW, COMMIT))) {
            return false;
        }
        syscalls.setAnonName(task, address, size, "scudo:primary");
        region.mapped += size;
        return true;
    }

    private static void shuffleGroups(RegionInfo region, int[] fresh) {
        int start = 0;
        for (int i = 1; i <= fresh.length; i++) {
            if (i == fresh.length || region.free.groupOf(fresh[i]) != region.free.groupOf(fresh[start])) {
                region.random.shuffle(fresh, start, i - start);
                start = i;
            }
        }
    }

    /// Puts the first `count` of `blocks` onto the free list; they come out sorted by group (`pushBlocks`).
    void push(Task task, RegionInfo region, int[] blocks, int count) {
        for (int i = 1; i < count; i++) {
            int block = blocks[i];
            int j = i;
            for (; j > 0 && region.free.groupOf(block) < region.free.groupOf(blocks[j - 1]); j--) {
                blocks[j] = blocks[j - 1];
            }
            blocks[j] = block;
        }
        region.freeLock.lock(task);
        task.charge(returnNs * count);
        region.free.push(blocks, 0, count);
        region.pushedBlocks += count;
        region.freeLock.unlock(task);
    }

    // Pages

    /// Releases pages of a region if that is due and no other task is doing so (`tryReleaseToOS`).
    void tryRelease(Task task, RegionInfo region) {
        if (region.mapLock.tryLock(task)) {
            releaser.release(task, region, PageReleaser.Effort.NORMAL);
            region.mapLock.unlock(task);
        }
    }

    /// Releases pages of every region (`releaseToOS`).
    void release(Task task, PageReleaser.Effort effort) {
        forEach(region -> {
            region.mapLock.lock(task);
            releaser.release(task, region, effort);
            region.mapLock.unlock(task);
        });
    }

    /// Virtual time from which a release would be due; [Long#MAX_VALUE] if there is none.
    long releaseDueAt() {
        long[] soonest = {Long.MAX_VALUE};
        forEach(region -> soonest[0] = Math.min(soonest[0], region.release.dueAt(region.freeBytes(), releaser.intervalNs())));
        return soonest[0];
    }
}
