package io.janklab.dashboards.compare;

import io.janklab.dashboards.measure.FrameTimes;
import io.janklab.dashboards.measure.RunMeasurement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/// Two kernels over the same seeds, metric by metric.
///
/// A difference is that of the two kernels' figures over all seeds, as the tables show them; its interval comes from resampling seeds,
/// the same ones on both sides.
public final class PairedComparison {
    public static final String DURATION = "frameDurationCpuMs";
    public static final String OVERRUN = "frameOverrunMs";
    public static final String JANKY = "frames.janky";
    public static final String UI_INVERSION = "inversion.uiNs";
    /// The percentiles compared, as they are called in a metric's name: `frameOverrunMs.P99`.
    public static final List<String> PERCENTILES = List.of("P50", "P90", "P95", "P99", "max");

    private final KernelResult from;
    private final KernelResult to;
    private final List<Comparison> comparisons = new ArrayList<>();

    private PairedComparison(KernelResult from, KernelResult to) {
        this.from = from;
        this.to = to;
        if (from.runs().size() != to.runs().size()) {
            throw new IllegalArgumentException("kernels " + from.name() + " and " + to.name() + " ran different numbers of seeds");
        }
    }

    static List<Comparison> of(KernelResult from, KernelResult to) {
        PairedComparison pair = new PairedComparison(from, to);
        pair.percentiles(DURATION, FrameTimes::durationNs);
        pair.percentiles(OVERRUN, FrameTimes::overrunNs);
        pair.sum(JANKY, run -> run.frames().janky());
        pair.sum(UI_INVERSION, run -> run.inversion().uiNs());
        pair.quantities();
        return pair.comparisons;
    }

    private void quantities() {
        List<Quantity> all = from.quantities();
        for (int i = 0; i < all.size(); i++) {
            int index = i;
            double[] differences = differences(run -> run.quantities().get(index).value());
            add(all.get(i).metric(), weights -> weightedSum(differences, weights) / differences.length);
        }
    }

    private void percentiles(String metric, Function<FrameTimes, long[]> values) {
        WeightedSample before = sample(from, values);
        WeightedSample after = sample(to, values);
        for (int i = 0; i < PERCENTILES.size(); i++) {
            double rank = Percentiles.RANKS[i];
            add(metric + "." + PERCENTILES.get(i), weights ->
                    (after.percentile(rank, weights) - before.percentile(rank, weights)) / Percentiles.NS_PER_MS);
        }
    }

    private static WeightedSample sample(KernelResult kernel, Function<FrameTimes, long[]> values) {
        return new WeightedSample(kernel.measurements().stream().map(RunMeasurement::frames).map(values).toList());
    }

    private void sum(String metric, ToDoubleFunction<RunMeasurement> value) {
        double[] differences = differences(run -> value.applyAsDouble(run.measurement()));
        add(metric, weights -> weightedSum(differences, weights));
    }

    private double[] differences(ToDoubleFunction<SeedRun> value) {
        double[] differences = new double[from.runs().size()];
        for (int i = 0; i < differences.length; i++) {
            differences[i] = value.applyAsDouble(to.runs().get(i)) - value.applyAsDouble(from.runs().get(i));
        }
        return differences;
    }

    /// Scaled to the number of seeds, so that leaving one out does not look like a change.
    private static double weightedSum(double[] values, int[] weights) {
        double sum = 0;
        int total = 0;
        for (int i = 0; i < values.length; i++) {
            sum += values[i] * weights[i];
            total += weights[i];
        }
        return sum * values.length / total;
    }

    private void add(String metric, SeedResample difference) {
        int seeds = from.runs().size();
        int[] once = new int[seeds];
        Arrays.fill(once, 1);
        Interval interval = Bootstrap.interval(seeds, difference);
        comparisons.add(new Comparison(from.name(), to.name(), metric, difference.statistic(once), interval.low(), interval.high()));
    }
}
