package io.janklab.dashboards.measure.result;

import java.util.Arrays;

/// When each stage of one frame began, and how long it took; ns of virtual time, 0 of a stage that the frame did not have.
public final class StageTimes {
    private final long[] beganAt = new long[FrameStage.values().length];
    private final long[] tookNs = new long[FrameStage.values().length];

    public void clear() {
        Arrays.fill(beganAt, 0);
        Arrays.fill(tookNs, 0);
    }

    /// A stage that comes twice began with the first.
    public void begin(FrameStage stage, long now) {
        if (beganAt[stage.ordinal()] == 0) {
            beganAt[stage.ordinal()] = now;
        }
    }

    public void end(FrameStage stage, long began, long now) {
        tookNs[stage.ordinal()] += now - began;
    }

    public StageTimes copy() {
        StageTimes copy = new StageTimes();
        System.arraycopy(beganAt, 0, copy.beganAt, 0, beganAt.length);
        System.arraycopy(tookNs, 0, copy.tookNs, 0, tookNs.length);
        return copy;
    }

    public long beganAt(FrameStage stage) {
        return beganAt[stage.ordinal()];
    }

    /// If it came more than once, in all.
    public long tookNs(FrameStage stage) {
        return tookNs[stage.ordinal()];
    }
}
