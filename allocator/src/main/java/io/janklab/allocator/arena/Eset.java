package io.janklab.allocator.arena;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Free extents of one state, found by size, age and address, and listed in order of insertion (`src/eset.c`).
final class Eset {
    private static final int BINS = SizeClasses.PAGE_COUNT + 1;

    /// The free extents of one page class, and the one that their heap takes to be the oldest and lowest.
    private static final class SizeBin {
        final EdataHeap heap = new EdataHeap();
        long minSerial;
        long minAddress;
        long count;
        long bytes;

        void insert(Edata extent) {
            count++;
            bytes += extent.size();
            if (heap.isEmpty() || precedesMin(extent.serial(), extent.address())) {
                setMin(extent);
            }
            heap.insert(extent);
        }

        void remove(Edata extent) {
            count--;
            bytes -= extent.size();
            heap.remove(extent);
            if (!heap.isEmpty() && extent.serial() == minSerial && extent.address() == minAddress) {
                setMin(Objects.requireNonNull(heap.first()));
            }
        }

        private void setMin(Edata extent) {
            minSerial = extent.serial();
            minAddress = extent.address();
        }

        boolean precedesMin(long serial, long address) {
            return serial < minSerial || (serial == minSerial && Long.compareUnsigned(address, minAddress) < 0);
        }
    }

    private final long pad;
    private final SizeBin[] bins = new SizeBin[BINS];
    private final long[] occupied = new long[(BINS + 63) / 64];
    private final EdataList lru = new EdataList();
    private long pages;

    /// @param pad bytes that every large extent has on top of its usable size
    Eset(long pad) {
        this.pad = pad;
    }

    long pages() {
        return pages;
    }

    /// Extents of that page class.
    long count(int pageIndex) {
        return bins[pageIndex] == null ? 0 : bins[pageIndex].count;
    }

    /// Bytes in extents of that page class.
    long bytes(int pageIndex) {
        return bins[pageIndex] == null ? 0 : bins[pageIndex].bytes;
    }

    /// The extent that has been longest in the set, or null.
    @Nullable Edata oldest() {
        return lru.first();
    }

    void insert(Edata extent) {
        int index = binOf(extent);
        if (bins[index] == null) {
            bins[index] = new SizeBin();
        }
        bins[index].insert(extent);
        occupied[index >>> 6] |= 1L << index;
        lru.append(extent);
        pages += extent.pages();
    }

    void remove(Edata extent) {
        int index = binOf(extent);
        bins[index].remove(extent);
        if (bins[index].heap.isEmpty()) {
            occupied[index >>> 6] &= ~(1L << index);
        }
        lru.remove(extent);
        pages -= extent.pages();
    }

    private int binOf(Edata extent) {
        return SizeClasses.pageIndex(SizeClasses.quantizeFloor(extent.size(), pad));
    }

    /// The oldest, lowest extent that can hold `size` bytes at that alignment (`eset_fit`), or null. No extent of a class more than
    /// 2^`lgMaxFit` times `size` is taken.
    @Nullable Edata fit(long size, long alignment, int lgMaxFit) {
        long worstCase = size + SizeClasses.alignUp(alignment, SizeClasses.PAGE) - SizeClasses.PAGE;
        if (worstCase < size) {
            return null;
        }
        Edata found = firstFit(worstCase, lgMaxFit);
        return found == null && alignment > SizeClasses.PAGE ? alignedFit(size, worstCase, alignment) : found;
    }

    private @Nullable Edata firstFit(long size, int lgMaxFit) {
        int shift = Math.min(lgMaxFit, 63);
        SizeBin best = null;
        Edata found = null;
        int start = SizeClasses.pageIndex(SizeClasses.quantizeCeil(size, pad));
        for (int i = nextOccupied(start); i < BINS; i = nextOccupied(i + 1)) {
            if (SizeClasses.pageSize(i) >>> shift > size) {
                break;
            }
            if (best == null || best.precedesMin(bins[i].minSerial, bins[i].minAddress)) {
                best = bins[i];
                found = best.heap.first();
            }
        }
        return found;
    }

    /// Sizes below the worst case may still have a well-placed extent; only the first of each size is tried.
    private @Nullable Edata alignedFit(long size, long worstCase, long alignment) {
        int end = SizeClasses.pageIndex(SizeClasses.quantizeCeil(worstCase, pad));
        for (int i = nextOccupied(SizeClasses.pageIndex(SizeClasses.quantizeCeil(size, pad))); i < end; i = nextOccupied(i + 1)) {
            Edata extent = Objects.requireNonNull(bins[i].heap.first());
            long lead = SizeClasses.alignUp(extent.base(), SizeClasses.alignUp(alignment, SizeClasses.PAGE)) - extent.base();
            if (lead < extent.size() && extent.size() - lead >= size) {
                return extent;
            }
        }
        return null;
    }

    /// The number of extents, by both orders; for checks.
    ///
    /// @throws IllegalStateException if the orders do not agree
    int count() {
        int inHeaps = 0;
        for (SizeBin bin : bins) {
            inHeaps += bin == null ? 0 : bin.heap.count();
        }
        int listed = 0;
        for (Edata extent = lru.first(); extent != null; extent = extent.listNext) {
            listed++;
        }
        if (listed != inHeaps) {
            throw new IllegalStateException(listed + " extents by age of entry, but " + inHeaps + " by size");
        }
        return listed;
    }

    private int nextOccupied(int from) {
        for (int word = from >>> 6; word < occupied.length; word++) {
            long bits = word == from >>> 6 ? occupied[word] & -1L << from : occupied[word];
            if (bits != 0) {
                return (word << 6) + Long.numberOfTrailingZeros(bits);
            }
        }
        return BINS;
    }
}
