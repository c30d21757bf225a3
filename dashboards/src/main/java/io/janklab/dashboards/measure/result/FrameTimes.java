package io.janklab.dashboards.measure.result;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.IntStream;

/// Every frame's exact duration, overrun and beginning (ns) and its token, in order of completion: the only data that grow with a run, by
/// 32 bytes a frame (14 MB in an hour at 120 Hz). The arrays are not to be changed.
public record FrameTimes(long[] durationNs, long[] overrunNs, long[] beganAtNs, long[] tokens) {
    public FrameTimes {
        if (durationNs.length != overrunNs.length || durationNs.length != beganAtNs.length || durationNs.length != tokens.length) {
            throw new IllegalArgumentException(
                    durationNs.length + " durations, " + overrunNs.length + " overruns, " + beganAtNs.length + " beginnings, "
                            + tokens.length + " tokens");
        }
    }

    public int count() {
        return durationNs.length;
    }

    /// Frames that ended later than the frame timeline expected.
    public int janky() {
        return (int) Arrays.stream(overrunNs).filter(overrun -> overrun > 0).count();
    }

    /// How late (ns) the frame of that token ended in this run; nothing if none was drawn. Not for pooled runs, whose tokens repeat.
    public OptionalLong overrunOf(long token) {
        return IntStream.range(0, tokens.length).filter(i -> tokens[i] == token).mapToLong(i -> overrunNs[i]).findFirst();
    }

    /// The frames of all runs, one run after the other.
    public static FrameTimes pooled(List<FrameTimes> runs) {
        return runs.size() == 1
                ? runs.getFirst()
                : new FrameTimes(
                        pooled(runs, FrameTimes::durationNs), pooled(runs, FrameTimes::overrunNs), pooled(runs, FrameTimes::beganAtNs),
                                pooled(runs, FrameTimes::tokens));
    }

    private static long[] pooled(List<FrameTimes> runs, Function<FrameTimes, long[]> values) {
        return runs.stream().map(values).flatMapToLong(Arrays::stream).toArray();
    }
}
