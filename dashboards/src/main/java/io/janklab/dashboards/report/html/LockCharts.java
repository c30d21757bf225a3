package io.janklab.dashboards.report.html;

import io.janklab.dashboards.measure.result.LockUse;
import io.janklab.kernel.trace.LockClass;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.HdrHistogram.Histogram;
import tools.jackson.databind.node.ObjectNode;

/// How long locks are waited for and held: for every length, how many waits or holds a second are at least that long.
final class LockCharts {
    private static final int CLASSES_SHOWN = 3;
    private static final int POINTS = 49;
    private static final double NS_PER_US = 1e3;
    private static final double NS_PER_S = 1e9;
    private static final double SHORTEST_US = 1;

    private final ReportKernels kernels;
    private final ObjectNode charts;

    LockCharts(ReportKernels kernels, ObjectNode charts) {
        this.kernels = kernels;
        this.charts = charts;
    }

    /// The classes of locks most waited for on any kernel.
    List<LockClass> classes() {
        Map<LockClass, Long> waited = new EnumMap<>(LockClass.class);
        kernels.lines().forEach(line -> line.kernel().locks().forEach(use -> waited.merge(use.lockClass(), use.waitNs(), Long::sum)));
        return waited.entrySet().stream()
                .filter(entry -> entry.getValue() > 0)
                .sorted(Map.Entry.<LockClass, Long>comparingByValue(Comparator.reverseOrder()))
                .limit(CLASSES_SHOWN)
                .map(Map.Entry::getKey)
                .toList();
    }

    /// Returns whether there was anything to draw.
    boolean distribution(String id, String what, LockClass lockClass, Function<LockUse, Histogram> lengths) {
        List<Histogram> histograms = kernels.lines().stream().map(line -> sum(line.kernel().locks(), lockClass, lengths)).toList();
        long longest = histograms.stream().mapToLong(Histogram::getMaxValue).max().orElse(0);
        if (longest < SHORTEST_US * NS_PER_US) {
            return false;
        }
        double[] x = lengthsUs(Math.max(2 * SHORTEST_US, longest / NS_PER_US));
        Chart chart = new Chart(charts.putObject(id), what + " (µs)", "per s, at least that long", x).logarithmic();
        for (int i = 0; i < histograms.size(); i++) {
            ReportKernels.Line line = kernels.lines().get(i);
            chart.line(line.name(), line.style(), ratesPerS(histograms.get(i), x, line.kernel().virtualNs() / NS_PER_S));
        }
        return true;
    }

    private static Histogram sum(List<LockUse> uses, LockClass lockClass, Function<LockUse, Histogram> lengths) {
        Histogram sum = new Histogram(2);
        uses.stream().filter(use -> use.lockClass() == lockClass).map(lengths).forEach(sum::add);
        return sum;
    }

    private static double[] lengthsUs(double longest) {
        double[] x = new double[POINTS];
        for (int i = 0; i < POINTS; i++) {
            x[i] = SHORTEST_US * Math.pow(longest / SHORTEST_US, i / (POINTS - 1.0));
        }
        return x;
    }

    private static double[] ratesPerS(Histogram histogram, double[] us, double seconds) {
        double[] rates = new double[us.length];
        for (int i = 0; i < us.length; i++) {
            long ns = (long) (us[i] * NS_PER_US);
            long atLeast = ns > histogram.getMaxValue() ? 0 : histogram.getCountBetweenValues(ns, histogram.getMaxValue());
            rates[i] = atLeast == 0 ? Double.NaN : atLeast / seconds;
        }
        return rates;
    }
}
