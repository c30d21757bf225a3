package io.janklab.allocator.arena;

import io.janklab.allocator.HeapCost;
import io.janklab.allocator.HeapCosts;
import io.janklab.kernel.cpu.Task;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The operations on one arena's extents: take one for use, split, merge, and put it back (`src/extent.c`).
final class Extents {
    private final int arena;
    private final Emap emap;
    private final EdataCache records;
    private final Pages pages;
    private final int lgMaxActiveFit;
    private final long fitNs;
    private final long splitNs;
    private long nextSerial;

    /// @param arena the index of the arena it belongs to
    Extents(int arena, Emap emap, EdataCache records, Pages pages, int lgMaxActiveFit, HeapCosts costs) {
        this.arena = arena;
        this.emap = emap;
        this.records = records;
        this.pages = pages;
        this.lgMaxActiveFit = lgMaxActiveFit;
        this.fitNs = costs.ns(HeapCost.EXTENT_FIT);
        this.splitNs = costs.ns(HeapCost.EXTENT_SPLIT);
    }

    /// An extent for freshly mapped memory, active.
    Edata register(long address, long size, boolean isHead) {
        Edata extent = records.take();
        extent.init(arena, address, size, nextSerial++, ExtentState.ACTIVE, true, isHead);
        emap.register(extent);
        return extent;
    }

    /// Unmaps an active extent.
    ///
    /// @return whether the kernel did; otherwise the extent is as before
    boolean unmap(Task task, Edata extent) {
        // Others may map the addresses as soon as they are unmapped.
        emap.deregister(extent);
        if (!pages.unmap(task, extent.base(), extent.size())) {
            emap.register(extent);
            return false;
        }
        records.put(extent);
        return true;
    }

    /// Takes `size` bytes out of a cache for use, or returns null. With `behind` given, only the memory right behind that extent will
    /// do (`extent_recycle`).
    @Nullable Edata recycle(Task task, Ecache cache, @Nullable Edata behind, long size, long alignment, boolean zero) {
        cache.mutex().lock(task);
        task.charge(fitNs);
        Edata extent = behind == null ? fit(cache, size, alignment) : neighbourBehind(behind, cache.state(), size);
        if (extent != null) {
            cache.extents().remove(extent);
            extent.setState(ExtentState.ACTIVE);
            extent = carve(task, cache, extent, size, alignment);
        }
        cache.mutex().unlock(task);
        if (extent != null && zero && !extent.isZeroed()) {
            pages.zero(task, extent);
        }
        return extent;
    }

    private @Nullable Edata fit(Ecache cache, long size, long alignment) {
        return cache.extents().fit(size, alignment, cache.delayCoalesce() ? lgMaxActiveFit : Long.SIZE);
    }

    private @Nullable Edata neighbourBehind(Edata extent, ExtentState state, long size) {
        Edata next = neighbour(extent, state, true);
        return next != null && next.size() >= size ? next : null;
    }

    /// The adjacent extent if it is free in that state and of the same mapping (`extent_can_acquire_neighbor`).
    private @Nullable Edata neighbour(Edata extent, ExtentState state, boolean forward) {
        Edata other = emap.lookup(forward ? extent.end() : extent.base() - SizeClasses.PAGE);
        if (other == null || other.state() != state || other.arena() != arena) {
            return null;
        }
        boolean crossesHead = forward ? other.isHead() : extent.isHead();
        return crossesHead ? null : other;
    }

    /// Cuts the aligned `size` bytes out of an active extent; the rest before and after goes back to the cache.
    private Edata carve(Task task, Ecache cache, Edata extent, long size, long alignment) {
        long lead = leadOf(extent, alignment);
        Edata middle = lead == 0 ? extent : split(task, extent, lead);
        Edata trail = middle.size() == size ? null : split(task, middle, size);
        if (lead != 0) {
            deactivate(cache, extent);
        }
        if (trail != null) {
            deactivate(cache, trail);
        }
        return middle;
    }

    /// Cuts the aligned `size` bytes out of a fresh mapping; the rest is recorded in `cache`.
    Edata carveFresh(Task task, Ecache cache, Edata extent, long size, long alignment) {
        long lead = leadOf(extent, alignment);
        Edata middle = lead == 0 ? extent : split(task, extent, lead);
        Edata trail = middle.size() == size ? null : split(task, middle, size);
        if (lead != 0) {
            record(task, cache, extent);
        }
        if (trail != null) {
            record(task, cache, trail);
        }
        return middle;
    }

    private static long leadOf(Edata extent, long alignment) {
        return SizeClasses.alignUp(extent.base(), SizeClasses.alignUp(alignment, SizeClasses.PAGE)) - extent.base();
    }

    /// Shortens an extent the caller owns to `size` bytes and returns the rest as a new one.
    Edata split(Task task, Edata extent, long size) {
        task.charge(splitNs);
        Edata trail = records.take();
        extent.splitAt(size, trail);
        emap.register(extent);
        emap.register(trail);
        return trail;
    }

    /// Appends `second` to `first`, both owned by the caller and adjacent; only `first` remains.
    void merge(Task task, Edata first, Edata second) {
        task.charge(splitNs);
        emap.deregister(first);
        emap.deregister(second);
        first.append(second);
        emap.register(first);
        records.put(second);
    }

    /// Merges an active extent with free neighbours; with delayed coalescing, with one at most (`extent_try_coalesce`).
    ///
    /// @return the merged extent; the given one if there was nothing to merge with
    private Edata coalesce(Task task, Ecache cache, Edata extent) {
        Edata merged = extent;
        while (true) {
            Edata before = merged;
            Edata next = neighbour(merged, cache.state(), true);
            if (next != null) {
                absorb(task, cache, merged, next, next);
                if (cache.delayCoalesce()) {
                    return merged;
                }
            }
            Edata previous = neighbour(merged, cache.state(), false);
            if (previous != null) {
                absorb(task, cache, previous, merged, previous);
                merged = previous;
                if (cache.delayCoalesce()) {
                    return merged;
                }
            }
            if (next == null && merged == before) {
                return merged;
            }
        }
    }

    private void absorb(Task task, Ecache cache, Edata first, Edata second, Edata cached) {
        cache.extents().remove(cached);
        cached.setState(ExtentState.MERGING);
        merge(task, first, second);
    }

    /// Puts an active extent into a cache, coalescing as that cache does (`extent_record`).
    ///
    /// @return null, or the extent, still active, if it has become so large that it must be purged at once instead
    @Nullable Edata record(Task task, Ecache cache, Edata extent, long oversizeThreshold) {
        cache.mutex().lock(task);
        task.charge(fitNs);
        Edata merged = extent;
        if (!cache.delayCoalesce()) {
            merged = coalesce(task, cache, merged);
        } else if (merged.size() >= SizeClasses.LARGE_MIN) {
            merged = coalesceFully(task, cache, merged);
            if (merged.size() >= oversizeThreshold) {
                cache.mutex().unlock(task);
                return merged;
            }
        }
        deactivate(cache, merged);
        cache.mutex().unlock(task);
        return null;
    }

    void record(Task task, Ecache cache, Edata extent) {
        record(task, cache, extent, Long.MAX_VALUE);
    }

    private Edata coalesceFully(Task task, Ecache cache, Edata extent) {
        Edata merged = extent;
        long size;
        do {
            size = merged.size();
            merged = coalesce(task, cache, merged);
        } while (merged.size() != size);
        return merged;
    }

    private static void deactivate(Ecache cache, Edata extent) {
        extent.setState(cache.state());
        cache.extents().insert(extent);
    }

    /// Removes the extent that has been longest in the cache, coalesced, unless the cache is down to `pagesLimit` pages (`ecache_evict`).
    ///
    /// @return the extent, active, or null
    @Nullable Edata evict(Task task, Ecache cache, long pagesLimit) {
        cache.mutex().lock(task);
        Edata evicted = null;
        while (cache.extents().pages() > pagesLimit) {
            task.charge(fitNs);
            Edata oldest = Objects.requireNonNull(cache.extents().oldest());
            cache.extents().remove(oldest);
            oldest.setState(ExtentState.ACTIVE);
            Edata merged = cache.delayCoalesce() ? coalesceOnce(task, cache, oldest) : null;
            if (merged == null) {
                evicted = oldest;
                break;
            }
            // The merged extent is the youngest now; start over.
            deactivate(cache, merged);
        }
        cache.mutex().unlock(task);
        return evicted;
    }

    private @Nullable Edata coalesceOnce(Task task, Ecache cache, Edata extent) {
        long size = extent.size();
        Edata merged = coalesce(task, cache, extent);
        return merged.size() == size ? null : merged;
    }
}
