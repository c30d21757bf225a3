package io.janklab.dashboards.measure.frame;

import io.janklab.dashboards.measure.result.FrameReport;
import io.janklab.dashboards.measure.result.LatestFrames;
import io.janklab.dashboards.measure.result.WorstFrame;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The few latest frames, explained, each with its timeline; memory does not grow with the run.
final class WorstFrames {
    /// A timeline begins this long before its frame's vsync (ns).
    private static final long LEAD_NS = 2_000_000;
    private static final Comparator<Kept> LATEST_FIRST = Comparator.comparingLong((Kept kept) -> kept.report.overrunNs())
            .reversed()
            .thenComparingLong(kept -> kept.report.beganAt());

    private record Kept(FrameReport report, TimelineRecorder.Snapshot around) {}

    private final TimelineRecorder timelines;
    private final List<Kept> frames = new ArrayList<>();

    WorstFrames(TimelineRecorder timelines) {
        this.timelines = timelines;
    }

    /// `frame` is complete at `now` (ns).
    void offer(Frame frame, long now) {
        if (frames.size() == LatestFrames.KEPT && frame.overrunNs() <= frames.getLast().report.overrunNs()) {
            return;
        }
        long from = Math.min(frame.expectedStart(), frame.beganAt()) - LEAD_NS;
        frames.add(new Kept(frame.report(), timelines.snapshot(from, now)));
        frames.sort(LATEST_FIRST);
        if (frames.size() > LatestFrames.KEPT) {
            frames.removeLast();
        }
    }

    List<WorstFrame> toList() {
        return frames.stream().map(kept -> new WorstFrame(kept.report, TimelineRecorder.timeline(kept.around))).toList();
    }
}
