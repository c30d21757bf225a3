package io.janklab.workloads.cli.replay;

import io.janklab.allocator.preset.HeapConfig;
import io.janklab.workloads.cli.plan.HeapReadings;
import io.janklab.workloads.replay.AllocationTrace;
import io.janklab.workloads.replay.HeapOnlyReplay;

/// `janklab replay --heap-only`, read, checked and ready to run.
///
/// @param file the trace's name
/// @param preset the allocator's name
/// @param byThread whether each of the trace's threads has one of its own
/// @param cold whether the replayer keeps nothing of its own on the heap
/// @param every operations from one sample to the next
/// @param csv whether the samples alone are printed
/// @param readings what is read of the heap at the end
record HeapReplayPlan(
        String file,
        AllocationTrace trace,
        String preset,
        HeapConfig heap,
        boolean byThread,
        boolean cold,
        int every,
        boolean csv,
        long seed,
        HeapReadings readings) {
    HeapOnlyReplay replay() {
        return new HeapOnlyReplay(trace, heap, byThread, isWarm(), every, seed);
    }

    /// Whether the replayer's own bookkeeping lies on the same heap.
    boolean isWarm() {
        return !cold && !byThread;
    }
}
