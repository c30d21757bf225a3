package io.janklab.dashboards.measure.result;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Over all runs of one kernel only the latest frames keep their timelines, so that memory does not grow with the timelines of frames that
/// are never shown.
public final class LatestFrames {
    /// As many as a page shows, and a few more.
    public static final int KEPT = 10;

    private static final Comparator<WorstFrame> LATEST_FIRST =
            Comparator.comparingLong((WorstFrame frame) -> frame.report().overrunNs()).reversed();

    private final List<WorstFrame> frames = new ArrayList<>();

    /// Adds the worst frames of one run: those that are no longer among the latest drop their timelines. Of equals none does.
    public void add(List<WorstFrame> ofOneRun) {
        frames.addAll(ofOneRun);
        frames.sort(LATEST_FIRST);
        long least = frames.size() < KEPT ? Long.MIN_VALUE : frames.get(KEPT - 1).report().overrunNs();
        while (!frames.isEmpty() && frames.getLast().report().overrunNs() < least) {
            frames.removeLast().forgetTimeline();
        }
    }
}
