package io.janklab.dashboards.compare;

import io.janklab.dashboards.measure.result.FrameTimes;
import io.janklab.dashboards.measure.result.RunMeasurement;
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
        WeightedSample sample = sample(kernel, values);
        return of(kernel.runs().size(), percents, sample::percentile);
    }

    /// How far the percentiles of `to` lie above those of `from`; each resample takes the same seeds of both, which ran the same workload.
    public static PercentileCurve difference(
            KernelResult from, KernelResult to, Function<FrameTimes, long[]> values, double[] percents) {
        WeightedSample first = sample(from, values);
        WeightedSample second = sample(to, values);
        return of(from.runs().size(), percents,
                (percent, weights) -> second.percentile(percent, weights) - first.percentile(percent, weights));
    }

    private static WeightedSample sample(KernelResult kernel, Function<FrameTimes, long[]> values) {
        return new WeightedSample(kernel.measurements().stream().map(RunMeasurement::frames).map(values).toList());
    }

    /// A percentile of all seeds, each counted as often as its weight says.
    private interface Figure {
        double at(double percent, int[] weights);
    }

    private static PercentileCurve of(int seeds, double[] percents, Figure figure) {
        int[] once = new int[seeds];
        Arrays.fill(once, 1);
        Interval[] intervals = new Interval[percents.length];
        Arrays.setAll(intervals, i -> Bootstrap.interval(seeds, weights -> figure.at(percents[i], weights), RESAMPLES));
        return new PercentileCurve(
                Arrays.stream(percents).map(percent -> figure.at(percent, once)).toArray(),
                Arrays.stream(intervals).mapToDouble(Interval::low).toArray(),
                Arrays.stream(intervals).mapToDouble(Interval::high).toArray());
    }
}
