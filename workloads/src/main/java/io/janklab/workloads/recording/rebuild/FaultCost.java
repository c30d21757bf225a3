package io.janklab.workloads.recording.rebuild;

import org.HdrHistogram.Histogram;

/// The time of an undisturbed fault. A fault has no event at its end; but where a thread writes page after page there is little between two
/// of them besides the first one. The lower quartile of such gaps is taken: longer ones include the thread's own work, or that of others.
final class FaultCost {
    private static final double PERCENT = 25;
    private static final int LEAST = 30;
    private static final long LONGEST_NS = 20_000;

    private final Histogram gaps = new Histogram(3);

    /// @param onCpu whether it has been on its core since its last event
    void fault(ThreadTrack track, long now, long address, long eventCost, boolean onCpu) {
        if (onCpu && track.faulting && track.lastFaultAt >= 0 && (address & -AddressMap.PAGE) == (track.lastFaultAddress & -AddressMap.PAGE)
                + AddressMap.PAGE
                && track.callEvents == 1) {
            long gap = now - track.lastFaultAt - eventCost;
            if (gap < LONGEST_NS) {
                gaps.recordValue(Math.max(0, gap));
            }
        }
        track.callEvents = 0;
        track.lastFaultAt = now;
        track.lastFaultAddress = address;
    }

    /// In ns; 0 if there were too few.
    long ns() {
        return gaps.getTotalCount() < LEAST ? 0 : gaps.getValueAtPercentile(PERCENT);
    }
}
