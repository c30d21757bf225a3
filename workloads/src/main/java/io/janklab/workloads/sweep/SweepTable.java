package io.janklab.workloads.sweep;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The results of a sweep, a row for each of its points: every metric's mean over seeds, and how it differs from the first kernel's, seed
/// by seed. Rows are made when they are asked for, from the runs' lines in the log; they do not depend on the order in which runs ended.
public final class SweepTable {
    private final SweepPlan plan;
    /// With the names of scenarios as results show them.
    private final List<SweepPoint> points;
    private final SweepLog log;
    private final List<String> metrics;
    private final int seeds;
    private final int kernels;
    /// The runs of the first kernel's point that was read last: its neighbours need it too.
    private int firstPoint = -1;
    private List<@Nullable JournalEntry> firstRuns = List.of();

    /// A point's.
    ///
    /// @param means by metric
    /// @param differences to the same point on the first kernel, by metric; empty on that kernel
    /// @param bySeed the results of its runs, seed by seed; null for one without a result
    /// @param failed how many runs failed
    public record Row(SweepPoint point, Map<String, Mean> means, Map<String, Mean> differences, List<@Nullable JournalEntry> bySeed,
            int failed) {
        /// How many runs the means are of.
        public int runs() {
            return (int) bySeed.stream().filter(run -> run != null).count();
        }

        /// A metric of one run; NaN if it has none.
        ///
        /// @param seed its index among the sweep's seeds
        public double value(String metric, int seed) {
            return valueOf(bySeed.get(seed), metric);
        }

        /// A metric's mean; NaN if no run had it.
        public Mean mean(String metric) {
            return means.getOrDefault(metric, Mean.NONE);
        }

        /// How much more that is than on the first kernel; NaN where there is nothing to compare.
        public Mean difference(String metric) {
            return differences.getOrDefault(metric, Mean.NONE);
        }
    }

    SweepTable(SweepPlan plan, SweepLog log) {
        this.plan = plan;
        points = plan.points().stream()
                .map(point -> new SweepPoint(point.device(), plan.label(point), point.kernel(), point.values())).toList();
        this.log = log;
        metrics = log.index().metricNames();
        seeds = plan.definition().seeds().size();
        kernels = plan.definition().kernels().size();
    }

    /// In the order of the sweep.
    public List<SweepPoint> points() {
        return points;
    }

    /// How far predictions from its recordings can be trusted, a line for each recording.
    public List<String> errorBars() {
        return plan.errorBars();
    }

    /// Keys of what varies.
    public List<String> factors() {
        return plan.factors();
    }

    /// How many runs a point has, if none is missing.
    public int seeds() {
        return seeds;
    }

    /// How many runs have a result.
    public int ended() {
        return log.index().ended();
    }

    /// How many runs failed.
    public int failed() {
        return log.index().failed();
    }

    /// How many runs there are, including the missing ones.
    public int size() {
        return plan.size();
    }

    /// Names of all metrics any run had, in the order of the first point's.
    public List<String> metrics() {
        return metrics;
    }

    /// @param point its index
    public Row row(int point) {
        int onFirst = point - point % kernels;
        if (firstPoint != onFirst) {
            firstRuns = runs(onFirst);
            firstPoint = onFirst;
        }
        List<@Nullable JournalEntry> here = point == onFirst ? firstRuns : runs(point);
        boolean isFirst = points().get(point).kernel().equals(points().getFirst().kernel());
        List<@Nullable JournalEntry> first = firstRuns;
        Map<String, Mean> means = each(metric -> values(here, metric));
        Map<String, Mean> differences = isFirst ? Map.of() : each(metric -> differences(first, here, metric));
        int failed = (int) runsOf(point).filter(log.index()::isFailed).count();
        return new Row(points().get(point), means, differences, here, failed);
    }

    private IntStream runsOf(int point) {
        return IntStream.range(point * seeds, (point + 1) * seeds);
    }

    /// Seed by seed, so that the same runs give the same sums to the last bit; null for a run without a result.
    private List<@Nullable JournalEntry> runs(int point) {
        RunIndex index = log.index();
        List<@Nullable JournalEntry> runs = new ArrayList<>();
        runsOf(point).forEach(run -> runs.add(index.has(run) && !index.isFailed(run) ? log.read(run) : null));
        return runs;
    }

    private Map<String, Mean> each(Function<String, DoubleStream> values) {
        Map<String, Mean> means = new LinkedHashMap<>();
        for (String metric : metrics) {
            double[] all = values.apply(metric).toArray();
            if (all.length > 0) {
                means.put(metric, Mean.of(all));
            }
        }
        return means;
    }

    /// NaN if there is none: a metric of a run is a finite number.
    private static double valueOf(@Nullable JournalEntry run, String metric) {
        return run == null ? Double.NaN : run.metrics().getOrDefault(metric, Double.NaN);
    }

    private static DoubleStream values(List<@Nullable JournalEntry> runs, String metric) {
        return runs.stream().mapToDouble(run -> valueOf(run, metric)).filter(value -> !Double.isNaN(value));
    }

    /// Of the seeds that ran on both.
    private static DoubleStream differences(List<@Nullable JournalEntry> from, List<@Nullable JournalEntry> to, String metric) {
        return IntStream.range(0, to.size())
                .mapToDouble(seed -> valueOf(to.get(seed), metric) - valueOf(from.get(seed), metric))
                .filter(difference -> !Double.isNaN(difference));
    }

    /// Receives the outcome of each run, in the order of the sweep.
    @FunctionalInterface
    public interface RunReader {
        /// @param entry of a run that has ended or failed
        /// @param point its index is the entry's
        void read(SweepPoint point, JournalEntry entry);
    }

    /// Reads every run that the log has.
    public void runs(RunReader reader) {
        RunIndex index = log.index();
        for (int run = 0; run < index.runs(); run++) {
            if (index.has(run)) {
                read(run, reader);
            }
        }
    }

    /// Reads every run that failed.
    public void failures(RunReader reader) {
        RunIndex index = log.index();
        for (int run = 0; run < index.runs(); run++) {
            if (index.isFailed(run)) {
                read(run, reader);
            }
        }
    }

    private void read(int run, RunReader reader) {
        reader.read(points().get(run / seeds), log.read(run));
    }

    /// The command that makes a run alone, for a shell.
    public String command(RunKey key) {
        return plan.command(key);
    }
}
