package io.janklab.dashboards.measure;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/// Every frame's exact duration, overrun and beginning (ns), in order of completion: all that grows with a run, by 24 bytes a frame (10 MB
/// in an hour at 120 Hz). The arrays are not to be changed.
public record FrameTimes(long[] durationNs, long[] overrunNs, long[] beganAtNs) {
    public FrameTimes {
        if (durationNs.length != overrunNs.length || durationNs.length != beganAtNs.length) {
            throw new IllegalArgumentException(
                    durationNs.length + " durations, " + overrunNs.length + " overruns, " + beganAtNs.length + " beginnings");
        }
    }

    public int count() {
        return durationNs.length;
    }

    /// Frames that ended later than the frame timeline expected.
    public int janky() {
        return (int) Arrays.stream(overrunNs).filter(overrun -> overrun > 0).count();
    }

    /// The frames of all runs, one run after the other.
    public static FrameTimes pooled(List<FrameTimes> runs) {
        return runs.size() == 1
                ? runs.getFirst()
                : new FrameTimes(pooled(runs, FrameTimes::durationNs), pooled(runs, FrameTimes::overrunNs), pooled(runs, FrameTimes::beganAtNs));
    }

    private static long[] pooled(List<FrameTimes> runs, Function<FrameTimes, long[]> values) {
        return runs.stream().map(values).flatMapToLong(Arrays::stream).toArray();
    }
}
