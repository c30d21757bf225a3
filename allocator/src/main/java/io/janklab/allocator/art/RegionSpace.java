package io.janklab.allocator.art;

import io.janklab.kernel.cpu.Task;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// The Java heap in regions of 256 KiB, half of which stay free so that all live objects can be moved (`gc/space/region_space.cc`).
final class RegionSpace {
    /// `kRegionSize`.
    static final long REGION = 256 << 10;
    /// `kPartialTlabSize`: a thread owns a region, which is accounted in steps of this size.
    private static final long PARTIAL_TLAB = 16 << 10;
    /// `kEvacuateLivePercentThreshold`.
    private static final int EVACUATE_BELOW_PERCENT = 75;
    private static final int NONE = -1;

    /// A region of objects that have survived a collection.
    static final class Old {
        final int region;
        final long bytes;
        long live;

        Old(int region, long bytes) {
            this.region = region;
            this.bytes = bytes;
            this.live = bytes;
        }

        boolean isSparse() {
            return live * 100 < bytes * EVACUATE_BELOW_PERCENT;
        }
    }

    private final MemMap map;
    private final BitSet free = new BitSet();
    private final int regions;
    /// Newly allocated regions.
    private BitSet young = new BitSet();
    private long youngBytes;
    private final List<Old> permanent = new ArrayList<>();
    /// Oldest first.
    private final List<Old> mortal = new ArrayList<>();

    RegionSpace(Task task, HeapParts heap) {
        long capacity = 2 * heap.options().footprint().growthLimitBytes();
        map = MemMap.map(task, heap.syscalls(), "main space (region space)", capacity);
        regions = (int) (capacity / REGION);
        free.set(0, regions);
    }

    MemMap map() {
        return map;
    }

    long address(int region) {
        return map.begin() + region * REGION;
    }

    List<Old> permanent() {
        return permanent;
    }

    List<Old> mortal() {
        return mortal;
    }

    long youngBytes() {
        return youngBytes;
    }

    /// See [Collector#refill].
    long refill(Mutator mutator, long bytes) {
        if (mutator.limit - mutator.position < bytes) {
            int region = takeForMutator();
            if (region == NONE) {
                return 0;
            }
            mutator.setTlab(address(region), address(region), address(region) + REGION);
        }
        long grown = Math.min(Math.max(PARTIAL_TLAB, bytes - mutator.remaining()), mutator.limit - mutator.end);
        mutator.end += grown;
        youngBytes += grown;
        return grown;
    }

    private int takeForMutator() {
        int taken = regions - free.cardinality();
        if ((taken + 1) * 2 > regions) {
            return NONE;
        }
        int region = take();
        young.set(region);
        return region;
    }

    /// A region to copy into; the first one free.
    int take() {
        int region = free.nextSetBit(0);
        if (region < 0) {
            throw new OutOfJavaHeap("no region is free to copy into");
        }
        free.clear(region);
        return region;
    }

    /// All young regions become from-space: new objects go elsewhere.
    BitSet flip() {
        BitSet from = young;
        young = new BitSet();
        youngBytes = 0;
        return from;
    }

    void free(int first, int end) {
        free.set(first, end);
    }

    /// See [Collector#addressOf].
    long addressOf(double position) {
        int count = permanent.size() + mortal.size();
        int index = Math.min((int) (position * count), count - 1);
        Old old = index < permanent.size() ? permanent.get(index) : mortal.get(index - permanent.size());
        double within = position * count - index;
        return address(old.region) + (long) (within * old.bytes) % old.bytes;
    }

    long oldBytes() {
        return bytes(permanent) + bytes(mortal);
    }

    private static long bytes(List<Old> olds) {
        long bytes = 0;
        for (Old old : olds) {
            bytes += old.bytes;
        }
        return bytes;
    }
}
