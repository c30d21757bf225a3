package io.janklab.dashboards.measure;

import java.util.Arrays;
import java.util.List;

/// Every frame's exact duration and overrun (ns), in order of completion. The arrays are not to be changed.
public record FrameTimes(long[] durationNs, long[] overrunNs) {
    public FrameTimes {
        if (durationNs.length != overrunNs.length) {
            throw new IllegalArgumentException(durationNs.length + " durations but " + overrunNs.length + " overruns");
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
        return new FrameTimes(
                runs.stream().flatMapToLong(run -> Arrays.stream(run.durationNs)).toArray(),
                runs.stream().flatMapToLong(run -> Arrays.stream(run.overrunNs)).toArray());
    }
}
