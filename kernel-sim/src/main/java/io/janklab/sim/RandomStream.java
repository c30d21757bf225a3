package io.janklab.sim;

import java.util.SplittableRandom;

/// One stream of random numbers. Uses only algorithms whose results the Java platform specifies bit for bit
/// ([SplittableRandom], [StrictMath]), so that a seed means the same on every host.
public final class RandomStream {
    private final SplittableRandom random;

    RandomStream(long seed) {
        this.random = new SplittableRandom(seed);
    }

    public long nextLong() {
        return random.nextLong();
    }

    /// Uniform in [0, bound).
    public int nextInt(int bound) {
        return random.nextInt(bound);
    }

    /// Uniform in [0, bound).
    public long nextLong(long bound) {
        return random.nextLong(bound);
    }

    /// Uniform in [0, 1).
    public double nextDouble() {
        return random.nextDouble();
    }

    public boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    public double exponential(double mean) {
        return -mean * StrictMath.log(1.0 - random.nextDouble());
    }

    /// Standard normal, by Box and Muller.
    public double gaussian() {
        double radius = StrictMath.sqrt(-2.0 * StrictMath.log(1.0 - random.nextDouble()));
        return radius * StrictMath.cos(2.0 * StrictMath.PI * random.nextDouble());
    }

    /// Log-normal with that median; `sigma` is the standard deviation of the logarithm.
    public double logNormal(double median, double sigma) {
        return median * StrictMath.exp(sigma * gaussian());
    }
}
