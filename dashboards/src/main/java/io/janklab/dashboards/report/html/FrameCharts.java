package io.janklab.dashboards.report.html;

import io.janklab.dashboards.compare.KernelResult;
import io.janklab.dashboards.compare.PercentileCurve;
import io.janklab.dashboards.compare.Percentiles;
import io.janklab.dashboards.measure.result.FrameTimes;
import io.janklab.dashboards.report.text.Nines;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/// Percentile curves, the histogram of frame times and late frames over time, a line per kernel.
final class FrameCharts {
    private static final double NS_PER_MS = 1e6;
    private static final double NS_PER_S = 1e9;
    private static final int CURVE_POINTS = 41;
    /// Half of the frames are below the first point; beyond the last, single frames decide.
    private static final double LOWEST = 50;
    private static final double HIGHEST = 99.99;
    private static final List<Double> MARKED = List.of(50.0, 90.0, 99.0, 99.9, 99.99);
    /// A frame's time at 120 and at 60 Hz.
    private static final List<Double> BUDGETS_MS = List.of(8.3, 16.6);
    private static final int BINS = 60;

    private final ReportKernels kernels;
    private final ObjectNode charts;

    FrameCharts(ReportKernels kernels, ObjectNode charts) {
        this.kernels = kernels;
        this.charts = charts;
    }

    /// Of overrun: what is above zero is late.
    void overruns(String id) {
        percentiles(id, FrameTimes::overrunNs).budget(0, "deadline", false);
    }

    /// Of duration, with what a frame has at 120 and at 60 Hz.
    void durations(String id) {
        Chart chart = percentiles(id, FrameTimes::durationNs);
        BUDGETS_MS.forEach(ms -> chart.budget(ms, ms + " ms", false));
    }

    /// Percentiles from P50 up, each further nine as wide as the one before, with 95 % intervals.
    private Chart percentiles(String id, Function<FrameTimes, long[]> values) {
        double[] percents = Nines.percents(LOWEST, HIGHEST, CURVE_POINTS);
        Chart chart = percentileAxis(id, percents);
        for (ReportKernels.Line line : kernels.lines()) {
            PercentileCurve curve = PercentileCurve.of(line.kernel(), values, percents);
            chart.line(line.name(), line.style(), ms(curve.values()), ms(curve.low()), ms(curve.high()));
        }
        return chart;
    }

    private Chart percentileAxis(String id, double[] percents) {
        Chart chart = new Chart(charts.putObject(id), "percentile", "ms", Arrays.stream(percents).map(Nines::of).toArray());
        MARKED.forEach(percent -> chart.mark(Nines.of(percent), "P" + trim(percent)));
        return chart;
    }

    /// What the other kernels' overruns are above the first one's, percentile by percentile: where curves coincide, this does not.
    ///
    /// @return false if there is no other kernel
    boolean differences(String id) {
        KernelResult first = kernels.lines().getFirst().kernel();
        List<ReportKernels.Line> others = kernels.lines().stream().skip(1).filter(line -> comparable(first, line.kernel())).toList();
        if (others.isEmpty()) {
            return false;
        }
        double[] percents = Nines.percents(LOWEST, HIGHEST, CURVE_POINTS);
        Chart chart = percentileAxis(id, percents);
        for (ReportKernels.Line line : others) {
            PercentileCurve curve = PercentileCurve.difference(first, line.kernel(), FrameTimes::overrunNs, percents);
            chart.line(line.name(), line.style(), ms(curve.values()), ms(curve.low()), ms(curve.high()));
        }
        chart.budget(0, "as " + kernels.lines().getFirst().name(), false);
        return true;
    }

    private static boolean comparable(KernelResult first, KernelResult other) {
        return first.runs().size() == other.runs().size() && first.frames().count() > 0 && other.frames().count() > 0;
    }

    private static double[] ms(double[] ns) {
        return Arrays.stream(ns).map(value -> value / NS_PER_MS).toArray();
    }

    private static String trim(double percent) {
        return percent == Math.rint(percent) ? Long.toString((long) percent) : Double.toString(percent);
    }

    /// Share of frames per bin of duration, up to the longest P99.9.
    void histogram(String id) {
        double widest = kernels.lines().stream().mapToDouble(line -> p999(line.kernel().frames().durationNs())).max().orElse(1);
        double bin = widest / BINS;
        Chart chart = new Chart(charts.putObject(id), "frameDurationCpuMs", "% of frames", steps(bin)).stepped();
        BUDGETS_MS.forEach(ms -> chart.budget(ms, ms + " ms", true));
        kernels.lines().forEach(line -> chart.line(line.name(), line.style(), shares(line.kernel().frames().durationNs(), bin)));
    }

    private static double p999(long[] durations) {
        long[] sorted = durations.clone();
        Arrays.sort(sorted);
        return sorted.length == 0 ? 1 : Percentiles.at(sorted, 99.9) / NS_PER_MS;
    }

    private static double[] steps(double step) {
        double[] steps = new double[BINS + 1];
        for (int i = 0; i <= BINS; i++) {
            steps[i] = i * step;
        }
        return steps;
    }

    private static double[] shares(long[] durations, double binMs) {
        double[] shares = new double[BINS + 1];
        for (long duration : durations) {
            int bin = (int) (duration / NS_PER_MS / binMs);
            if (bin < BINS) {
                shares[bin] += 100.0 / durations.length;
            }
        }
        return shares;
    }

    /// Late frames per second of virtual time, as a mean over seeds.
    void lateOverTime(String id) {
        double end = kernels.lines().stream().flatMap(line -> line.kernel().measurements().stream()).mapToLong(run -> run.endNs()).max()
                .orElse(1) / NS_PER_S;
        // Whole seconds, so that one reads frames per second.
        double bin = Math.max(1, Math.ceil(end / BINS));
        int bins = (int) Math.ceil(end / bin);
        double[] x = Arrays.copyOf(steps(bin), bins + 1);
        // The line of the last bin goes as far as the run.
        x[bins] = end;
        Chart chart = new Chart(charts.putObject(id), "virtual time (s)", "late frames per s", x).stepped();
        kernels.lines().forEach(line -> chart.line(line.name(), line.style(), late(line.kernel(), bin, bins, end)));
    }

    private static double[] late(KernelResult kernel, double binS, int bins, double endS) {
        double[] rates = new double[bins + 1];
        FrameTimes frames = kernel.frames();
        for (int i = 0; i < frames.count(); i++) {
            if (frames.overrunNs()[i] > 0) {
                int bin = Math.min(bins - 1, (int) (frames.beganAtNs()[i] / NS_PER_S / binS));
                // The last bin ends with the run.
                rates[bin] += 1 / Math.min(binS, endS - bin * binS) / kernel.runs().size();
            }
        }
        rates[bins] = rates[bins - 1];
        return rates;
    }
}
