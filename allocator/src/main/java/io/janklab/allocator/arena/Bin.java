package io.janklab.allocator.arena;

import io.janklab.kernel.syscall.PthreadMutex;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One shard of an arena's slabs of one small size class (`bin_t`).
///
/// Invariant: a slab with both free and used regions is `current` or in `nonfull`; a full one other than `current` is on no list.
final class Bin {
    final BinInfo info;
    final int shard;
    final PthreadMutex mutex;
    @Nullable Edata current;
    final EdataHeap nonfull = new EdataHeap();

    // jemalloc's bin_stats_t
    long nmalloc;
    long ndalloc;
    long nrequests;
    long nfills;
    long nflushes;
    long nslabs;
    long nreslabs;
    long curslabs;
    long nonfullSlabs;

    Bin(BinInfo info, int shard, PthreadMutex mutex) {
        this.info = info;
        this.shard = shard;
        this.mutex = mutex;
    }

    /// Regions handed out, to thread caches too.
    long regions() {
        return nmalloc - ndalloc;
    }

    /// The slab from which regions are taken, where there is one.
    Edata current() {
        return Objects.requireNonNull(current);
    }

    boolean hasRegion() {
        return current != null && current.freeRegions() > 0;
    }

    /// Makes the oldest, lowest slab with room the current one.
    ///
    /// @return whether there is one
    boolean switchSlab() {
        current = nonfull.removeFirst();
        if (current == null) {
            return false;
        }
        nreslabs++;
        nonfullSlabs--;
        return true;
    }

    void useFresh(Edata slab) {
        nslabs++;
        curslabs++;
        current = slab;
    }

    /// Puts a region back into its slab; a slab that leaves the bin because it is now empty becomes the caller's.
    ///
    /// @return whether the slab left the bin
    boolean giveBack(Edata slab, int region) {
        slab.returnRegion(region);
        if (slab.freeRegions() == info.regions()) {
            dissociate(slab);
            return true;
        }
        if (slab.freeRegions() == 1 && slab != current) {
            lower(slab);
        }
        return false;
    }

    private void dissociate(Edata slab) {
        if (slab == current) {
            current = null;
        } else if (info.regions() > 1) {
            nonfull.remove(slab);
            nonfullSlabs--;
        }
        curslabs--;
    }

    /// A full slab has room again: it becomes the current one if it is older (`arena_bin_lower_slab`).
    private void lower(Edata slab) {
        Edata toList = slab;
        if (current != null && slab.precedes(current)) {
            toList = current;
            current = slab;
            nreslabs++;
        }
        if (toList.freeRegions() > 0) {
            nonfull.insert(toList);
            nonfullSlabs++;
        }
    }
}
