package io.janklab.dashboards.android;

import io.janklab.dashboards.measure.result.FrameStages;

/// Decides which frames of one run were janky and why, by the rules of hwui's `JankTracker.cpp` (Android 12 and later).
///
/// Its leniency is hwui's: a frame that starts while an earlier one is still queued ahead of it may be an interval later. The time
/// waited for a buffer is not forgiven (`mDequeueTimeForgivenessLegacy` is 0 where SurfaceFlinger wakes more than 4 ms after the app).
public final class JankTracker {
    private static final double STUFFED_SHARE = 0.1;
    private static final double SLOW_UI_SHARE = 0.5;
    private static final double SLOW_SYNC_SHARE = 0.2;
    private static final double SLOW_RT_SHARE = 0.75;
    /// Longer than that is an ANR, not jank (`IGNORE_EXCEEDING`).
    private static final long IGNORED_FROM_NS = 10_000_000_000L;

    private final long frameIntervalNs;
    private final ProfileData data = new ProfileData();
    private long swapDeadlineLegacy = -1;
    private long nextFrameStartUnstuffed = -1;

    /// @param frameIntervalNs the display's refresh period
    public JankTracker(long frameIntervalNs) {
        if (frameIntervalNs <= 0) {
            throw new IllegalArgumentException("a display refreshes in more than 0 ns, not in " + frameIntervalNs);
        }
        this.frameIntervalNs = frameIntervalNs;
    }

    /// The counts so far; a live view.
    public ProfileData data() {
        return data;
    }

    public void finishFrame(FrameStages stages) {
        finishFrame(FrameInfo.of(stages, frameIntervalNs));
        data.latest().add(stages, frameIntervalNs);
    }

    void finishFrame(FrameInfo frame) {
        calculateLegacyJank(frame);
        data.reportFrame(frame.totalDuration());
        boolean stuffed = isStuffed(nextFrameStartUnstuffed, frame);
        long deadline = frame.frameDeadline() + (stuffed ? frameIntervalNs : 0);
        if (frame.gpuCompleted() >= deadline) {
            janky(frame);
        } else if (stuffed) {
            data.reportJankType(JankType.HIGH_INPUT_LATENCY);
            nextFrameStartUnstuffed += frameIntervalNs;
        }
        data.reportGpuFrame(frame.gpuDrawTime());
    }

    private boolean isStuffed(long unstuffedStart, FrameInfo frame) {
        return unstuffedStart - frame.intendedVsync() > frameIntervalNs * STUFFED_SHARE;
    }

    private void janky(FrameInfo frame) {
        data.reportJank();
        data.reportJankType(JankType.MISSED_DEADLINE);
        nextFrameStartUnstuffed = frame.gpuCompleted() - (frame.gpuCompleted() - frame.vsync()) % frameIntervalNs + frameIntervalNs;
        compare(JankType.MISSED_VSYNC, frame.intendedVsync(), frame.vsync(), 1);
        compare(JankType.SLOW_UI, frame.vsync(), frame.syncStart(), share(SLOW_UI_SHARE));
        compare(JankType.SLOW_SYNC, frame.syncStart(), frame.issueDrawCommandsStart(), share(SLOW_SYNC_SHARE));
        compare(JankType.SLOW_RT, frame.issueDrawCommandsStart(), frame.frameCompleted(), share(SLOW_RT_SHARE));
    }

    private long share(double ofInterval) {
        return (long) (ofInterval * frameIntervalNs);
    }

    private void compare(JankType type, long start, long end, long threshold) {
        long delta = end - start;
        if (delta >= threshold && delta < IGNORED_FROM_NS) {
            data.reportJankType(type);
        }
    }

    /// The rule of Android 11 and before: one refresh interval from vsync to swap, with the same leniency.
    private void calculateLegacyJank(FrameInfo frame) {
        long totalDuration = frame.swapBuffersCompleted() - frame.intendedVsync();
        if (totalDuration > frameIntervalNs) {
            data.reportJankLegacy();
        }
        long earliest = frame.intendedVsync() + frameIntervalNs;
        if (swapDeadlineLegacy < 0) {
            swapDeadlineLegacy = earliest;
        }
        boolean stuffed = isStuffed(swapDeadlineLegacy, frame);
        swapDeadlineLegacy = Math.max(swapDeadlineLegacy + frameIntervalNs, earliest);
        if (frame.frameCompleted() >= swapDeadlineLegacy && totalDuration >= frameIntervalNs) {
            data.reportJankType(JankType.MISSED_DEADLINE_LEGACY);
            swapDeadlineLegacy = frame.frameCompleted() - (frame.frameCompleted() - frame.vsync()) % frameIntervalNs + frameIntervalNs;
        } else if (stuffed) {
            data.reportJankType(JankType.HIGH_INPUT_LATENCY);
        }
    }
}
