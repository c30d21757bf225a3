package io.janklab.dashboards.measure.frame;

import io.janklab.dashboards.measure.result.FrameReport;
import io.janklab.dashboards.measure.result.FrameStages;
import io.janklab.dashboards.measure.result.Part;
import io.janklab.dashboards.measure.result.StageTimes;

/// One frame on its way from `Choreographer#doFrame` over `DrawFrames` to the screen. Reused; times in ns, −1 until known.
final class Frame {
    private static final long NO_TOKEN = Long.MIN_VALUE;

    private final FrameParts parts = new FrameParts();
    private final StageTimes stageTimes = new StageTimes();
    private long token;
    private long beganAt;
    private long uiEndedAt;
    private long drawBeganAt;
    private long drawnAt;
    private boolean presented;
    private long expectedStart;
    private long expectedEnd;
    private long actualEnd;

    void begin(long vsyncToken, long now) {
        parts.clear();
        stageTimes.clear();
        token = vsyncToken;
        beganAt = now;
        uiEndedAt = -1;
        drawBeganAt = -1;
        drawnAt = -1;
        presented = false;
    }

    /// The UI thread's slice ends, before the RenderThread has begun or, as a rule, after.
    void uiEnded(long now) {
        uiEndedAt = now;
    }

    void drawBegan(long now) {
        drawBeganAt = now;
        if (uiEndedAt >= 0) {
            parts.add(Part.HAND_OFF, null, now - uiEndedAt);
        }
    }

    void drawn(long now) {
        drawnAt = now;
    }

    void presented(long expectedStartNs, long expectedEndNs, long actualEndNs) {
        presented = true;
        expectedStart = expectedStartNs;
        expectedEnd = expectedEndNs;
        actualEnd = actualEndNs;
    }

    boolean hasBegunDrawing() {
        return drawBeganAt >= 0;
    }

    boolean isBeingDrawn() {
        return drawBeganAt >= 0 && drawnAt < 0;
    }

    boolean isComplete() {
        return presented && drawnAt >= 0;
    }

    /// Counted: whatever else carries its token is no longer this frame.
    void retire() {
        token = NO_TOKEN;
    }

    FrameParts parts() {
        return parts;
    }

    StageTimes stageTimes() {
        return stageTimes;
    }

    long token() {
        return token;
    }

    long beganAt() {
        return beganAt;
    }

    /// Macrobenchmark's `frameDurationCpu`: from the beginning of doFrame to the end of DrawFrames.
    long durationNs() {
        return drawnAt - beganAt;
    }

    /// Macrobenchmark's `frameOverrun`: actual minus expected end; positive is late.
    long overrunNs() {
        return actualEnd - expectedEnd;
    }

    FrameStages stages() {
        return new FrameStages(token, expectedStart, expectedEnd, beganAt, drawBeganAt, uiEndedAt, drawnAt, actualEnd, stageTimes.copy());
    }

    /// The vsync it was meant for.
    long expectedStart() {
        return expectedStart;
    }

    FrameReport report() {
        return new FrameReport(
                token,
                beganAt,
                durationNs(),
                overrunNs(),
                beganAt - expectedStart,
                actualEnd - drawnAt,
                expectedEnd - expectedStart,
                parts.toBreakdown());
    }
}
