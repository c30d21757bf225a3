package io.janklab.dashboards.measure.result;

import org.jspecify.annotations.Nullable;

/// One of the latest frames of a run, explained; and, until dropped, what every task did around it.
public final class WorstFrame {
    private final FrameReport report;
    private @Nullable Timeline timeline;

    public WorstFrame(FrameReport report, Timeline timeline) {
        this.report = report;
        this.timeline = timeline;
    }

    public FrameReport report() {
        return report;
    }

    /// Null if it has been dropped.
    public @Nullable Timeline timeline() {
        return timeline;
    }

    void forgetTimeline() {
        timeline = null;
    }
}
