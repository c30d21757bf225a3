package io.janklab.dashboards.report;

import io.janklab.dashboards.compare.KernelResult;
import io.janklab.dashboards.compare.Percentiles;
import io.janklab.dashboards.measure.FrameTimes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/// Percentile curves and the histogram of frame times, a line per kernel.
final class FrameCharts {
    private static final double NS_PER_MS = 1e6;
    private static final int CURVE_POINTS = 120;
    /// The curve ends at P99.99: what lies beyond is one frame's luck.
    private static final double MAX_NINES = 4;
    private static final List<Double> MARKED = List.of(50.0, 90.0, 99.0, 99.9, 99.99);
    private static final int BINS = 60;

    private final List<KernelResult> kernels;

    FrameCharts(List<KernelResult> kernels) {
        this.kernels = kernels;
    }

    /// Percentiles from P50 up, each further nine as wide as the one before.
    LineChart percentiles(String title, Function<FrameTimes, long[]> values) {
        List<LineChart.Mark> marks =
                MARKED.stream().map(percent -> new LineChart.Mark(nines(percent), "P" + trim(percent))).toList();
        LineChart chart = new LineChart(title, "percentile", marks);
        double[] nines = new double[CURVE_POINTS + 1];
        for (int i = 0; i <= CURVE_POINTS; i++) {
            nines[i] = nines(50) + (MAX_NINES - nines(50)) * i / CURVE_POINTS;
        }
        for (KernelResult kernel : kernels) {
            long[] sorted = values.apply(kernel.frames()).clone();
            if (sorted.length > 0) {
                Arrays.sort(sorted);
                chart.line(kernel.name(), nines, Arrays.stream(nines).map(n -> ms(sorted, n)).toArray());
            }
        }
        return chart;
    }

    private static double ms(long[] sorted, double nines) {
        return Percentiles.at(sorted, 100 * (1 - Math.pow(10, -nines))) / NS_PER_MS;
    }

    private static double nines(double percent) {
        return -Math.log10(1 - percent / 100);
    }

    private static String trim(double percent) {
        return percent == Math.rint(percent) ? Long.toString((long) percent) : Double.toString(percent);
    }

    /// Share of frames per bin of duration, up to the longest P99.9.
    LineChart histogram() {
        double widest = kernels.stream().mapToDouble(kernel -> p999(kernel.frames().durationNs())).max().orElse(1);
        Ticks ticks = Ticks.covering(0, widest);
        List<LineChart.Mark> marks = new ArrayList<>();
        ticks.values().forEach(ms -> marks.add(new LineChart.Mark(ms, ticks.label(ms))));
        LineChart chart = new LineChart("Frame durations: share of frames (%)", "frameDurationCpuMs", marks);
        kernels.forEach(kernel -> addHistogram(chart, kernel, ticks.last() / BINS));
        return chart;
    }

    private static double p999(long[] durations) {
        long[] sorted = durations.clone();
        Arrays.sort(sorted);
        return sorted.length == 0 ? 1 : Percentiles.at(sorted, 99.9) / NS_PER_MS;
    }

    private static void addHistogram(LineChart chart, KernelResult kernel, double binMs) {
        long[] durations = kernel.frames().durationNs();
        double[] xs = new double[2 * BINS];
        double[] shares = new double[2 * BINS];
        for (long duration : durations) {
            int bin = (int) (duration / NS_PER_MS / binMs);
            if (bin < BINS) {
                shares[2 * bin] += 100.0 / durations.length;
            }
        }
        for (int bin = 0; bin < BINS; bin++) {
            xs[2 * bin] = bin * binMs;
            xs[2 * bin + 1] = (bin + 1) * binMs;
            shares[2 * bin + 1] = shares[2 * bin];
        }
        chart.line(kernel.name(), xs, shares);
    }
}
