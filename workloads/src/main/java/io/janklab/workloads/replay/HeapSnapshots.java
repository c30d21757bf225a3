package io.janklab.workloads.replay;

import io.janklab.allocator.HeapStats;
import java.util.ArrayList;
import java.util.List;

/// A heap's extents, written down about 120 times, evenly over a trace.
public final class HeapSnapshots {
    private static final int COUNT = 120;

    private final HeapStats heap;
    private final long every;
    private final List<HeapSnapshot> snapshots = new ArrayList<>();

    /// @param operations about as many as the trace has
    public HeapSnapshots(HeapStats heap, long operations) {
        this.heap = heap;
        this.every = Math.max(1, operations / COUNT);
    }

    /// So many operations have been executed, one more than the last time.
    public void executed(long operations) {
        if (operations % every == 0) {
            snapshots.add(new HeapSnapshot(operations, heap.extents()));
        }
    }

    public List<HeapSnapshot> list() {
        return List.copyOf(snapshots);
    }
}
