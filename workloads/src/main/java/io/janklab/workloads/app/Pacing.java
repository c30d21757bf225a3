package io.janklab.workloads.app;

import io.janklab.workloads.replay.HeapTrace;

/// How far a heap trace may have progressed at a given time of the run: evenly if the trace has no times, else by its own times, stretched
/// or compressed to the run. The last fiftieth of the run is left for threads to catch up.
final class Pacing {
    private static final double SHARE_OF_RUN = 0.98;

    private final HeapTrace trace;
    private final double runNs;
    private long reached;

    Pacing(HeapTrace trace, long durationNs) {
        this.trace = trace;
        this.runNs = durationNs * SHARE_OF_RUN;
    }

    /// The first record that is not yet due `elapsedNs` into the run. Time only goes forward.
    long limitAt(long elapsedNs) {
        double share = elapsedNs / runNs;
        if (share >= 1) {
            return trace.records();
        }
        return trace.isTimed() ? byTime(share) : (long) (share * trace.records());
    }

    private long byTime(double share) {
        long first = trace.startNs(0);
        double span = (double) trace.startNs(trace.records() - 1) - first;
        while (reached < trace.records() && trace.startNs(reached) - first <= share * span) {
            reached++;
        }
        return reached;
    }
}
