package io.janklab.workloads.recording.rebuild;

import org.HdrHistogram.Histogram;

/// The time of an undisturbed fault. A fault has no event at its end, but it is over when its thread causes the next event: the lower
/// quartile of those times is taken. Where a thread writes page after page there is little between two faults besides the first one: if
/// those are closer, their lower quartile is. What a fault takes longer than that, because the hypervisor had to find memory for a page
/// that was never used before, stays the work after it; were it taken for all faults, a replay could not make up for it after shorter ones.
final class FaultCost {
    private static final double PERCENT = 25;
    private static final int LEAST = 30;
    private static final long LONGEST_NS = 20_000;

    private final Histogram gaps = new Histogram(3);
    private final Histogram neighbours = new Histogram(3);

    /// @param onCpu whether it has been on its core since its last event
    void fault(ThreadTrack track, long now, long address, long eventCost, boolean onCpu) {
        if (onCpu && track.faulting && track.lastFaultAt >= 0 && (address & -AddressMap.PAGE) == (track.lastFaultAddress & -AddressMap.PAGE)
                + AddressMap.PAGE
                && track.callEvents == 1) {
            record(neighbours, now - track.lastFaultAt - eventCost);
        }
        track.callEvents = 0;
        track.lastFaultAt = now;
        track.lastFaultAddress = address;
    }

    /// `track`'s thread causes an event: a fault in user mode is over, if it was in one and has not left its core since.
    void endsBy(ThreadTrack track, long now, long eventCost) {
        if (track.faultsSince >= 0) {
            record(gaps, now - track.faultsSince - eventCost);
            track.faultsSince = -1;
        }
    }

    private static void record(Histogram histogram, long gap) {
        if (gap < LONGEST_NS) {
            histogram.recordValue(Math.max(0, gap));
        }
    }

    /// In ns; 0 if there were too few.
    long ns() {
        long ofAll = ns(gaps);
        long ofNeighbours = ns(neighbours);
        return ofAll == 0 || ofNeighbours == 0 ? Math.max(ofAll, ofNeighbours) : Math.min(ofAll, ofNeighbours);
    }

    private static long ns(Histogram histogram) {
        return histogram.getTotalCount() < LEAST ? 0 : histogram.getValueAtPercentile(PERCENT);
    }
}
