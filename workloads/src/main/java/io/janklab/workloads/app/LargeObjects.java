package io.janklab.workloads.app;

import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.uapi.Mman;
import java.util.ArrayDeque;
import java.util.BitSet;

/// ART's space for arrays of 12 KiB and more, here all of one size: each dead one goes back by an `madvise` of its own
/// (`large_object_space.cc`, `FreeListSpace::Free`).
final class LargeObjects {
    /// `kMinLargeObjectThreshold`.
    static final long MIN_BYTES = 12 << 10;

    private static final long CAPACITY_BYTES = 64 << 20;

    private final Mappings mappings;
    private final long slotBytes;
    private final BitSet used = new BitSet();
    private ArrayDeque<Integer> fresh = new ArrayDeque<>();
    private long base;

    LargeObjects(Mappings mappings, long objectBytes) {
        this.mappings = mappings;
        this.slotBytes = (objectBytes + Hardware.PAGE_SIZE - 1) & -Hardware.PAGE_SIZE;
    }

    void start(Task task) {
        base = mappings.map(task, "dalvik-large object space", Math.max(CAPACITY_BYTES, slotBytes));
    }

    /// An array's address, or 0 if the space is full. Nothing has been written to it.
    long allocate() {
        int slot = used.nextClearBit(0);
        if ((slot + 1) * slotBytes > CAPACITY_BYTES) {
            return 0;
        }
        used.set(slot);
        fresh.addLast(slot);
        return base + slot * slotBytes;
    }

    /// The arrays there are now; none of them outlives the collection that asks.
    ArrayDeque<Integer> flip() {
        ArrayDeque<Integer> dead = fresh;
        fresh = new ArrayDeque<>();
        return dead;
    }

    void free(Task task, ArrayDeque<Integer> dead) {
        for (int slot : dead) {
            mappings.advise(task, base + slot * slotBytes, slotBytes, Mman.MADV_DONTNEED);
            used.clear(slot);
        }
    }
}
