package io.janklab.dashboards.compare;

import io.janklab.dashboards.measure.FrameTimes;
import io.janklab.dashboards.measure.RunMeasurement;
import java.util.Arrays;
import java.util.function.Function;

/// Percentiles of one kernel's frames over all seeds, each with its own 95 % interval from resampling seeds; in the values' unit.
///
/// @param low NaN throughout with one seed, and where there are no frames
public record PercentileCurve(double[] values, double[] low, double[] high) {
    /// Enough for a line on a screen.
    private static final int RESAMPLES = 300;

    /// @param percents which percentiles
    public static PercentileCurve of(KernelResult kernel, Function<FrameTimes, long[]> values, double[] percents) {
        WeightedSample sample =
                new WeightedSample(kernel.measurements().stream().map(RunMeasurement::frames).map(values).toList());
        int seeds = kernel.runs().size();
        int[] once = new int[seeds];
        Arrays.fill(once, 1);
        Interval[] intervals = new Interval[percents.length];
        Arrays.setAll(intervals, i -> Bootstrap.interval(seeds, weights -> sample.percentile(percents[i], weights), RESAMPLES));
        return new PercentileCurve(
                Arrays.stream(percents).map(percent -> sample.percentile(percent, once)).toArray(),
                Arrays.stream(intervals).mapToDouble(Interval::low).toArray(),
                Arrays.stream(intervals).mapToDouble(Interval::high).toArray());
    }
}
