package io.janklab.dashboards.compare;

import java.util.Arrays;

/// Percentiles by Macrobenchmark's rule (androidx `MetricResult.kt`, `getPercentile`): linear interpolation at index p/100 · (n − 1)
/// of the sorted values. NaN where there are no values.
public record Percentiles(double p50, double p90, double p95, double p99, double max) {
    static final double NS_PER_MS = 1e6;
    static final double[] RANKS = {50, 90, 95, 99, 100};

    /// Of values in ns; the percentiles are in ms.
    public static Percentiles ofNs(long[] values) {
        long[] sorted = values.clone();
        Arrays.sort(sorted);
        return new Percentiles(ms(sorted, 50), ms(sorted, 90), ms(sorted, 95), ms(sorted, 99), ms(sorted, 100));
    }

    private static double ms(long[] sorted, double percent) {
        return at(sorted, percent) / NS_PER_MS;
    }

    /// The `percent`-th percentile of sorted values, in their unit.
    public static double at(long[] sorted, double percent) {
        if (sorted.length == 0) {
            return Double.NaN;
        }
        double index = percent / 100 * (sorted.length - 1);
        int below = (int) index;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (index - below) * (sorted[above] - sorted[below]);
    }
}
