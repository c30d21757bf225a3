package io.janklab.workloads.replay;

import io.janklab.sim.RandomStream;

/// A heavy-tailed distribution of whole numbers as a table of quantiles: every percent up to 99 %, then every 0.1 % up to 99.9 %, then
/// every 0.01 %. Between two of them it is uniform.
record Quantiles(long[] values) {
    /// How many values there are.
    static final int POINTS = 119;

    private static final double FINE = 0.99;
    private static final double FINEST = 0.999;

    Quantiles {
        if (values.length != POINTS) {
            throw new IllegalArgumentException("a table of quantiles has " + POINTS + " values, not " + values.length);
        }
    }

    private static double position(double u) {
        if (u < FINE) {
            return u * 100;
        }
        return u < FINEST ? 99 + (u - FINE) * 1000 : Math.min(POINTS - 1 - 1e-9, 108 + (u - FINEST) * 10000);
    }

    long draw(RandomStream random) {
        double position = position(random.nextDouble());
        int below = (int) position;
        return values[below] + (long) ((position - below) * (values[below + 1] - values[below]));
    }
}
