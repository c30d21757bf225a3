package io.janklab.workloads.sweep;

import java.util.Arrays;

/// One metric of every run of a sweep: NaN where a run has not ended or did not have it.
public final class RunValues {
    private final int seeds;
    private final double[] values;

    /// Of no run yet.
    public RunValues(int points, int seeds) {
        this.seeds = seeds;
        values = new double[points * seeds];
        Arrays.fill(values, Double.NaN);
    }

    /// @param seed its index among the sweep's seeds
    public void set(int point, int seed, double value) {
        values[point * seeds + seed] = value;
    }

    double at(int point, int seed) {
        return values[point * seeds + seed];
    }

    int seeds() {
        return seeds;
    }

    /// The highest of any run; NaN if there is none.
    public double highest() {
        return Arrays.stream(values).filter(value -> !Double.isNaN(value)).max().orElse(Double.NaN);
    }
}
