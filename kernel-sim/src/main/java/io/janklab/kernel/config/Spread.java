package io.janklab.kernel.config;

import io.janklab.sim.RandomStream;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// How a cost differs from one time to the next, as the values (ns) that [#PARTS] of all times stay below.
public final class Spread {
    /// Between them it is interpolated; rarer values are as long as the last.
    private static final double[] PARTS = {0, 0.1, 0.5, 0.9, 0.99, 0.999};
    private static final int MEDIAN = 2;

    private final long[] values;

    /// @throws IllegalArgumentException unless there is a value for each of [#PARTS], none smaller than the one before
    public Spread(long... values) {
        if (values.length != PARTS.length) {
            throw new IllegalArgumentException("a spread has " + PARTS.length + " values, not " + values.length);
        }
        for (int i = 0; i < values.length; i++) {
            if (values[i] < (i == 0 ? 0 : values[i - 1])) {
                throw new IllegalArgumentException("a spread's values ascend from 0, unlike " + Arrays.toString(values));
            }
        }
        this.values = values.clone();
    }

    /// Which parts of all times a spread's values stand for.
    public static double[] parts() {
        return PARTS.clone();
    }

    /// A copy.
    public long[] values() {
        return values.clone();
    }

    public long median() {
        return values[MEDIAN];
    }

    /// The next one.
    public long draw(RandomStream random) {
        double part = random.nextDouble();
        for (int i = 1; i < PARTS.length; i++) {
            if (part < PARTS[i]) {
                return values[i - 1] + (long) ((values[i] - values[i - 1]) * (part - PARTS[i - 1]) / (PARTS[i] - PARTS[i - 1]));
            }
        }
        return values[values.length - 1];
    }

    /// `factor` times as long.
    public Spread times(double factor) {
        return new Spread(Arrays.stream(values).map(ns -> Math.round(ns * factor)).toArray());
    }

    /// `4100, 5200, 9082, 14000, 21000, 40000`.
    @Override
    public String toString() {
        return Arrays.stream(values).mapToObj(Long::toString).collect(Collectors.joining(", "));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Spread spread && Arrays.equals(spread.values, values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }
}
