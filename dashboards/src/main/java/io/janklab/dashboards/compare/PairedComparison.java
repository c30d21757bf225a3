package io.janklab.dashboards.compare;

import io.janklab.dashboards.measure.result.FrameTimes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/// Two kernels over the same seeds, metric by metric.
///
/// A difference is that of the two kernels' figures over all seeds, as the tables show them; interval and p value come from swapping the
/// runs of a seed ([PermutationTest]). The maximum is a single frame's: it has a difference, but neither interval nor p value.
public final class PairedComparison {
    public static final String DURATION = "frameDurationCpuMs";
    public static final String OVERRUN = "frameOverrunMs";
    public static final String JANKY = "frames.janky";
    public static final String UI_INVERSION = "inversion.uiNs";
    /// How many runs the OOM killer ended; compared only where it ended any.
    public static final String KILLED = "runs.killed";
    /// The percentiles compared, as they are called in a metric's name: `frameOverrunMs.P99`.
    public static final List<String> PERCENTILES = List.of("P50", "P90", "P95", "P99", "max");

    /// Those of them that can be told from chance.
    public static final List<String> TESTED_PERCENTILES = PERCENTILES.subList(0, PERCENTILES.size() - 1);

    private static final double MAXIMUM = 100;

    private final KernelResult from;
    private final KernelResult to;
    private final int seeds;
    private final List<Metric> metrics = new ArrayList<>();

    /// @param tested whether it is tested against chance: not for the figure of a single frame
    private record Metric(String name, PairedFigure figure, boolean tested) {}

    private PairedComparison(KernelResult from, KernelResult to, List<Resource> resources) {
        this.from = from;
        this.to = to;
        this.seeds = from.runs().size();
        if (to.runs().size() != seeds) {
            throw new IllegalArgumentException("kernels " + from.name() + " and " + to.name() + " ran different numbers of seeds");
        }
        percentiles(DURATION, FrameTimes::durationNs);
        percentiles(OVERRUN, FrameTimes::overrunNs);
        sum(JANKY, run -> run.measurement().frames().janky());
        sum(UI_INVERSION, run -> run.measurement().inversion().uiNs());
        sum(KILLED, run -> run.killed() ? 1 : 0);
        quantities();
        resources.forEach(resource -> mean(resource.metric(), resource.value(), 1));
    }

    /// The metrics `wanted` of frames, quantities and `resources`, in a fixed order; none corrected for the others.
    static List<Comparison> of(KernelResult from, KernelResult to, List<Resource> resources, Predicate<String> wanted) {
        PairedComparison pair = new PairedComparison(from, to, resources);
        PermutationTest test = new PermutationTest(pair.seeds);
        return pair.metrics.parallelStream().filter(metric -> wanted.test(metric.name)).map(metric -> pair.compare(metric, test)).toList();
    }

    /// Whether runs of a workload are compared by a metric of that name, as far as that can be known before any has run: which threads are
    /// busiest cannot.
    ///
    /// @param quantities names of what the workload measures itself
    public static boolean has(String metric, List<String> quantities) {
        return metric.startsWith(Resource.THREAD_CPU) || names(quantities).contains(metric);
    }

    /// The names of the metrics of a workload, without those of threads.
    public static List<String> names(List<String> quantities) {
        List<String> names = new ArrayList<>();
        quantities.forEach(quantity -> names.add(Quantity.METRIC_PREFIX + quantity));
        List.of(DURATION, OVERRUN).forEach(metric -> PERCENTILES.forEach(percentile -> names.add(metric + "." + percentile)));
        names.addAll(List.of(JANKY, UI_INVERSION, Resource.RSS_MEAN, Resource.RSS_PEAK, Resource.PAGE_TABLES, Resource.APP_CPU,
                Resource.OTHER_CPU));
        return names;
    }

    private Comparison compare(Metric metric, PermutationTest test) {
        double difference = metric.figure.less(0).difference(new boolean[seeds]);
        if (!metric.tested) {
            return new Comparison(from.name(), to.name(), metric.name, difference, Double.NaN, Double.NaN, Double.NaN, Double.NaN, seeds);
        }
        Interval interval = test.interval(metric.figure);
        double p = test.p(metric.figure);
        return new Comparison(from.name(), to.name(), metric.name, difference, interval.low(), interval.high(), p, p, seeds);
    }

    private void quantities() {
        List<Quantity> all = from.quantities();
        for (int i = 0; i < all.size(); i++) {
            int index = i;
            mean(all.get(i).metric(), run -> run.quantities().get(index).value(), 1);
        }
    }

    private void percentiles(String metric, Function<FrameTimes, long[]> values) {
        List<long[]> first = sorted(from, values);
        List<long[]> second = sorted(to, values);
        for (int i = 0; i < PERCENTILES.size(); i++) {
            double percent = Percentiles.RANKS[i];
            PairedFigure figure = new PercentileFigure(percent, first, second, Percentiles.NS_PER_MS);
            metrics.add(new Metric(metric + "." + PERCENTILES.get(i), figure, percent < MAXIMUM));
        }
    }

    private static List<long[]> sorted(KernelResult kernel, Function<FrameTimes, long[]> values) {
        return kernel.measurements().stream().map(run -> {
            long[] sorted = values.apply(run.frames()).clone();
            Arrays.sort(sorted);
            return sorted;
        }).toList();
    }

    private void sum(String metric, ToDoubleFunction<SeedRun> value) {
        mean(metric, value, seeds);
    }

    private void mean(String metric, ToDoubleFunction<SeedRun> value, double scale) {
        double[] first = from.runs().stream().mapToDouble(value).toArray();
        double[] second = to.runs().stream().mapToDouble(value).toArray();
        metrics.add(new Metric(metric, new MeanFigure(first, second, scale), true));
    }
}
