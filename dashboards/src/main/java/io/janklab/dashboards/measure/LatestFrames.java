package io.janklab.dashboards.measure;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Over all runs of one kernel only the latest frames keep their timelines, so that what many seeds take up does not grow with what lay
/// around frames that nobody will look at.
public final class LatestFrames {
    /// As many as a page shows, and some.
    public static final int KEPT = 10;

    private static final Comparator<WorstFrame> LATEST_FIRST =
            Comparator.comparingLong((WorstFrame frame) -> frame.report().overrunNs()).reversed();

    private final List<WorstFrame> frames = new ArrayList<>();

    /// The worst frames of one run more: they, or those that are earlier now, forget their timelines. Of equals none does.
    public void add(List<WorstFrame> ofOneRun) {
        frames.addAll(ofOneRun);
        frames.sort(LATEST_FIRST);
        long least = frames.size() < KEPT ? Long.MIN_VALUE : frames.get(KEPT - 1).report().overrunNs();
        while (!frames.isEmpty() && frames.getLast().report().overrunNs() < least) {
            frames.removeLast().forgetTimeline();
        }
    }
}
