package io.janklab.dashboards.compare;

import io.janklab.dashboards.measure.FrameTimes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/// Two kernels over the same seeds, metric by metric.
///
/// A difference is that of the two kernels' figures over all seeds, as the tables show them; its interval comes from resampling seeds,
/// the same ones on both sides; its p value from swapping the runs of a seed.
public final class PairedComparison {
    public static final String DURATION = "frameDurationCpuMs";
    public static final String OVERRUN = "frameOverrunMs";
    public static final String JANKY = "frames.janky";
    public static final String UI_INVERSION = "inversion.uiNs";
    /// How many runs the OOM killer ended; compared only where it ended any.
    public static final String KILLED = "runs.killed";
    /// The percentiles compared, as they are called in a metric's name: `frameOverrunMs.P99`.
    public static final List<String> PERCENTILES = List.of("P50", "P90", "P95", "P99", "max");

    private final KernelResult from;
    private final KernelResult to;
    /// Of one kernel, then of the other.
    private final List<SeedRun> runs = new ArrayList<>();
    private final Predicate<String> wanted;
    private final List<Comparison> comparisons = new ArrayList<>();

    private PairedComparison(KernelResult from, KernelResult to, Predicate<String> wanted) {
        this.from = from;
        this.to = to;
        this.wanted = wanted;
        runs.addAll(from.runs());
        runs.addAll(to.runs());
        if (from.runs().size() != to.runs().size()) {
            throw new IllegalArgumentException("kernels " + from.name() + " and " + to.name() + " ran different numbers of seeds");
        }
    }

    static List<Comparison> of(KernelResult from, KernelResult to) {
        return of(from, to, metric -> true);
    }

    /// Only the metrics `wanted`.
    static List<Comparison> of(KernelResult from, KernelResult to, Predicate<String> wanted) {
        PairedComparison pair = new PairedComparison(from, to, wanted);
        pair.percentiles(DURATION, FrameTimes::durationNs);
        pair.percentiles(OVERRUN, FrameTimes::overrunNs);
        pair.sum(JANKY, run -> run.measurement().frames().janky());
        pair.sum(UI_INVERSION, run -> run.measurement().inversion().uiNs());
        pair.sum(KILLED, run -> run.killed() ? 1 : 0);
        pair.quantities();
        return pair.corrected();
    }

    private List<Comparison> corrected() {
        double[] corrected = Holm.correct(comparisons.stream().mapToDouble(Comparison::p).toArray());
        return IntStream.range(0, corrected.length).mapToObj(i -> comparisons.get(i).corrected(corrected[i])).toList();
    }

    private void quantities() {
        List<Quantity> all = from.quantities();
        for (int i = 0; i < all.size(); i++) {
            int index = i;
            double[] values = values(run -> run.quantities().get(index).value());
            add(all.get(i).metric(), weights -> mean(values, weights));
        }
    }

    private void percentiles(String metric, Function<FrameTimes, long[]> values) {
        if (PERCENTILES.stream().noneMatch(percentile -> wanted.test(metric + "." + percentile))) {
            return;
        }
        WeightedSample sample = new WeightedSample(runs.stream().map(run -> values.apply(run.measurement().frames())).toList());
        for (int i = 0; i < PERCENTILES.size(); i++) {
            double rank = Percentiles.RANKS[i];
            add(metric + "." + PERCENTILES.get(i), weights -> sample.percentile(rank, weights) / Percentiles.NS_PER_MS);
        }
    }

    private void sum(String metric, ToDoubleFunction<SeedRun> value) {
        double[] values = values(value);
        // Scaled to the number of seeds, so that leaving one out does not look like a change.
        add(metric, weights -> mean(values, weights) * from.runs().size());
    }

    private double[] values(ToDoubleFunction<SeedRun> value) {
        return runs.stream().mapToDouble(value).toArray();
    }

    /// Of the values that are there.
    private static double mean(double[] values, int[] weights) {
        double sum = 0;
        int total = 0;
        for (int i = 0; i < values.length; i++) {
            if (!Double.isNaN(values[i])) {
                sum += values[i] * weights[i];
                total += weights[i];
            }
        }
        return sum / total;
    }

    private void add(String metric, ToDoubleFunction<int[]> figure) {
        if (!wanted.test(metric)) {
            return;
        }
        int seeds = from.runs().size();
        PairedFigure pair = new PairedFigure(seeds, figure);
        Interval interval = Bootstrap.interval(seeds, pair::difference);
        double difference = pair.difference(new boolean[seeds]);
        double p = PermutationTest.p(seeds, pair);
        comparisons.add(new Comparison(from.name(), to.name(), metric, difference, interval.low(), interval.high(), p, PermutationTest.smallest(seeds), p));
    }
}
