package io.janklab.workloads.sweep;

import java.util.Arrays;
import org.apache.commons.math3.distribution.TDistribution;

/// A metric's mean over seeds, with its 95 % interval by Student's t: `value` ± `margin`.
///
/// @param margin NaN with one seed, which gives no interval
public record Mean(double value, double margin) {
    /// Where no run had the metric.
    public static final Mean NONE = new Mean(Double.NaN, Double.NaN);

    private static final double UPPER_TAIL = 0.975;

    /// Of one value for each seed.
    public static Mean of(double[] values) {
        double mean = Arrays.stream(values).sum() / values.length;
        double squares = Arrays.stream(values).map(value -> (value - mean) * (value - mean)).sum();
        int freedom = values.length - 1;
        return new Mean(mean, freedom == 0 ? Double.NaN : quantile(freedom) * Math.sqrt(squares / freedom / values.length));
    }

    private static double quantile(int freedom) {
        return new TDistribution(freedom).inverseCumulativeProbability(UPPER_TAIL);
    }
}
