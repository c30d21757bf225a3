package io.janklab.allocator.scudo;

import io.janklab.allocator.HeapCost;
import io.janklab.allocator.HeapCosts;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.syscall.Syscalls;
import io.janklab.kernel.uapi.Mman;
import java.util.ArrayList;
import java.util.List;

/// Releases pages whose blocks are all on their region's free list (`releaseToOSMaybe` in `primary64.h`, `release.h`).
final class PageReleaser {
    /// How hard to try (`ReleaseToOS`).
    enum Effort {
        /// Only where enough has become free, and once per interval.
        NORMAL,
        /// Every group, at once.
        FORCE_ALL
    }

    private final Syscalls syscalls;
    private final long intervalNs;
    private final long lookNs;
    private final long markNs;

    /// @param intervalMs least time between two releases of a region; −1 never
    PageReleaser(Syscalls syscalls, long intervalMs, HeapCosts costs) {
        this.syscalls = syscalls;
        this.intervalNs = intervalMs < 0 ? -1 : intervalMs * 1_000_000;
        this.lookNs = costs.ns(HeapCost.DECAY_TICK);
        this.markNs = costs.ns(HeapCost.RELEASE_MARK);
    }

    long intervalNs() {
        return intervalNs;
    }

    /// The region's map lock is held.
    void release(Task task, RegionInfo region, Effort effort) {
        task.charge(lookNs);
        region.freeLock.lock(task);
        long freeBytes = region.freeBytes();
        List<FreeList.Group> groups = freeBytes == 0 ? List.of() : candidates(task, region, freeBytes, effort);
        region.free.remove(groups);
        region.freeLock.unlock(task);
        if (groups.isEmpty()) {
            return;
        }
        Ranges ranges = new Ranges(task, region);
        ranges.releaseFree(mark(task, region, groups), firstPage(groups));
        region.release.released(freeBytes, ranges.bytes, ranges.count, task.now());
        region.freeLock.lock(task);
        region.free.putBack(groups);
        region.freeLock.unlock(task);
    }

    private List<FreeList.Group> candidates(Task task, RegionInfo region, long freeBytes, Effort effort) {
        if (effort == Effort.FORCE_ALL) {
            return new ArrayList<>(region.free.groups());
        }
        return region.release.isDue(freeBytes, task.now(), intervalNs) ? collectGroups(region) : List.of();
    }

    /// The groups that probably have entirely free pages: of small blocks those that are nearly all free, of others those with more free
    /// than last time (`collectGroupsToRelease`).
    private static List<FreeList.Group> collectGroups(RegionInfo region) {
        List<FreeList.Group> groups = new ArrayList<>();
        boolean small = ReleaseInfo.isSmall(region.blockSize);
        long distance = FreeList.GROUP;
        for (FreeList.Group group : region.free.groups()) {
            long bytes = group.count() * region.blockSize;
            long pushed = bytes - group.bytesAtLastCheckpoint;
            if (pushed <= 0) {
                group.bytesAtLastCheckpoint = bytes;
                continue;
            }
            if (small) {
                long dense = denseBytes(region, group);
                distance = Math.min(distance, bytes >= dense ? ReleaseInfo.SMALL_BLOCK_DELTA : dense - bytes + pushed);
                boolean allFree = group.count() >= FreeList.GROUP / region.blockSize;
                if (bytes < dense || !(allFree || pushed >= ReleaseInfo.SMALL_BLOCK_DELTA)) {
                    continue;
                }
            }
            group.bytesAtLastCheckpoint = bytes;
            groups.add(group);
        }
        if (small) {
            region.release.setThreshold(distance == FreeList.GROUP ? ReleaseInfo.SMALL_BLOCK_DELTA : distance);
        }
        return groups;
    }

    /// Free bytes from which a group of small blocks is likely to have free pages: the smaller the blocks, the nearer to all of it.
    private static long denseBytes(RegionInfo region, FreeList.Group group) {
        long used = Math.min(FreeList.GROUP, region.allocated - ((long) group.index << FreeList.LG_GROUP));
        return used * (100 - 1 - region.blockSize / 16) / 100;
    }

    private static int firstPage(List<FreeList.Group> groups) {
        return groups.getFirst().index << (FreeList.LG_GROUP - SizeClassMap.LG_PAGE);
    }

    /// How many of the groups' free blocks lie on each page, from the first group's first page on (`markFreeBlocks`).
    private int[] mark(Task task, RegionInfo region, List<FreeList.Group> groups) {
        int first = firstPage(groups);
        int last = (groups.getLast().index + 1) << (FreeList.LG_GROUP - SizeClassMap.LG_PAGE);
        // The last block may extend beyond its group's end.
        int[] free = new int[last - first + (int) (region.blockSize >>> SizeClassMap.LG_PAGE) + 1];
        for (FreeList.Group group : groups) {
            task.charge(markNs * group.count());
            for (int i = 0; i < group.count(); i++) {
                long offset = group.block(i) * region.blockSize;
                int end = (int) ((offset + region.blockSize - 1) >>> SizeClassMap.LG_PAGE) - first;
                for (int page = (int) (offset >>> SizeClassMap.LG_PAGE) - first; page <= end; page++) {
                    free[page]++;
                }
            }
        }
        return free;
    }

    /// One madvise for each run of free pages (`FreePagesRangeTracker`).
    private final class Ranges {
        private final Task task;
        private final RegionInfo region;
        private long bytes;
        private long count;

        Ranges(Task task, RegionInfo region) {
            this.task = task;
            this.region = region;
        }

        void releaseFree(int[] freeOnPage, int firstPage) {
            int start = -1;
            for (int i = 0; i <= freeOnPage.length; i++) {
                boolean free = i < freeOnPage.length && freeOnPage[i] > 0 && freeOnPage[i] == blocksOn(firstPage + i);
                if (free && start < 0) {
                    start = i;
                } else if (!free && start >= 0) {
                    release(firstPage + start, firstPage + i);
                    start = -1;
                }
            }
        }

        private int blocksOn(int page) {
            long start = (long) page << SizeClassMap.LG_PAGE;
            long end = Math.min(start + SizeClassMap.PAGE, region.allocated);
            return (int) ((end - 1) / region.blockSize - start / region.blockSize) + 1;
        }

        private void release(int first, int end) {
            long address = region.begin() + ((long) first << SizeClassMap.LG_PAGE);
            long size = (long) (end - first) << SizeClassMap.LG_PAGE;
            if (syscalls.madvise(task, address, size, Mman.MADV_DONTNEED) == 0) {
                region.pages.released(first, end);
            } else {
                syscalls.memory().zero(task, address, size);
            }
            bytes += size;
            count++;
        }
    }
}
