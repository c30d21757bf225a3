package io.janklab.allocator.scudo;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.syscall.PthreadMutex;
import io.janklab.kernel.syscall.Syscalls;
import io.janklab.kernel.uapi.Mman;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/// Mappings kept for reuse by blocks of about their size, the most recently freed first (`MapAllocatorCache`).
final class SecondaryCache {
    /// Bytes of a cached mapping that may be left unused before the block (`MaxUnreleasedCachePages`).
    private static final long MOST_UNUSED = 4 * SizeClassMap.PAGE;
    private static final int GOOD_FIT = 10;

    private final Syscalls syscalls;
    private final PthreadMutex mutex;
    private final Deque<LargeBlock> entries = new ArrayDeque<>();
    private final long mostEntries;
    private final long mostBytes;
    private final long intervalNs;
    private final boolean releasesItself;

    // Statistics
    long retrieves;
    long hits;

    SecondaryCache(Syscalls syscalls, ScudoOptions options) {
        this.syscalls = syscalls;
        this.mutex = syscalls.newMutex("scudo secondary cache");
        this.mostEntries = options.number(ScudoOptions.Key.MAX_CACHE_ENTRIES_COUNT);
        this.mostBytes = options.number(ScudoOptions.Key.MAX_CACHE_ENTRY_SIZE);
        long intervalMs = options.number(ScudoOptions.Key.SECONDARY_RELEASE_TO_OS_INTERVAL_MS);
        this.intervalNs = intervalMs < 0 ? -1 : intervalMs * 1_000_000;
        this.releasesItself = options.ticks();
    }

    boolean canCache(long commitSize) {
        return mostEntries > 0 && commitSize <= mostBytes;
    }

    Iterable<LargeBlock> entries() {
        return entries;
    }

    /// The cached mapping that fits best, or the first that fits well, taken out; null if none does.
    @Nullable LargeBlock retrieve(Task task, long size, long alignment) {
        mutex.lock(task);
        retrieves++;
        LargeBlock best = null;
        long leastUnused = Long.MAX_VALUE;
        for (LargeBlock entry : entries) {
            long place = entry.place(size, alignment);
            long header = place - LargeBlock.HEADERS;
            if (header < entry.commitBase || place > entry.commitBase + MOST_UNUSED) {
                continue;
            }
            long unused = SizeClassMap.roundDown(header, SizeClassMap.PAGE) - entry.commitBase;
            if (unused < leastUnused) {
                best = entry;
                leastUnused = unused;
                if (unused <= (entry.end() - header) / GOOD_FIT) {
                    break;
                }
            }
        }
        if (best != null) {
            entries.remove(best);
            hits++;
        }
        mutex.unlock(task);
        return best;
    }

    /// Keeps a mapping, making room for it first, and releases mappings that are old enough.
    void store(Task task, LargeBlock block) {
        LargeBlock evicted = null;
        mutex.lock(task);
        block.freedNs = task.now();
        block.zeroed = false;
        if (entries.size() >= mostEntries) {
            evicted = entries.removeLast();
        }
        entries.addFirst(block);
        mutex.unlock(task);
        if (evicted != null) {
            syscalls.munmap(task, evicted.mapBase, evicted.mapSize);
        }
        if (releasesItself) {
            releaseOld(task);
        }
    }

    /// Releases the pages of every mapping that has been here for the interval.
    void releaseOld(Task task) {
        if (intervalNs >= 0) {
            releaseOlderThan(task, task.now() - intervalNs);
        }
    }

    /// Releases the pages of every mapping freed at or before `time` (ns).
    void releaseOlderThan(Task task, long time) {
        mutex.lock(task);
        for (Iterator<LargeBlock> each = entries.iterator(); each.hasNext();) {
            LargeBlock entry = each.next();
            if (!entry.zeroed && entry.freedNs <= time) {
                if (syscalls.madvise(task, entry.commitBase, entry.commitSize, Mman.MADV_DONTNEED) != 0) {
                    syscalls.memory().zero(task, entry.commitBase, entry.commitSize);
                }
                entry.zeroed = true;
            }
        }
        mutex.unlock(task);
    }

    /// Virtual time from which [#releaseOld] has something to do; [Long#MAX_VALUE] if never.
    long releaseDueAt() {
        long soonest = Long.MAX_VALUE;
        for (LargeBlock entry : entries) {
            if (!entry.zeroed && intervalNs >= 0) {
                soonest = Math.min(soonest, entry.freedNs + intervalNs);
            }
        }
        return soonest;
    }
}
