package io.janklab.dashboards.measure;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The few frames that were latest, explained; memory does not grow with the run.
final class WorstFrames {
    private static final int KEPT = 10;
    private static final Comparator<FrameReport> LATEST_FIRST =
            Comparator.comparingLong(FrameReport::overrunNs).reversed().thenComparingLong(FrameReport::beganAt);

    private final List<FrameReport> frames = new ArrayList<>();

    void offer(Frame frame) {
        if (frames.size() == KEPT && frame.overrunNs() <= frames.getLast().overrunNs()) {
            return;
        }
        frames.add(frame.report());
        frames.sort(LATEST_FIRST);
        if (frames.size() > KEPT) {
            frames.removeLast();
        }
    }

    List<FrameReport> toList() {
        return List.copyOf(frames);
    }
}
