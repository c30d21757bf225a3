package io.janklab.kernel.cpu;

/// How much of the fastest core a task has used lately, 0–1024: a geometric average with a half-life of 32 ms (Linux PELT,
/// `util_avg`), and its estimate kept over sleeps (`util_est`).
final class Utilization {
    private static final int PERIOD_SHIFT = 20; // 1,048,576 ns, as PELT's 1024 us
    private static final int HALF_LIFE = 32;
    private static final double[] DECAY = new double[HALF_LIFE];

    static {
        for (int i = 0; i < HALF_LIFE; i++) {
            DECAY[i] = StrictMath.pow(0.5, i / (double) HALF_LIFE);
        }
    }

    private double average;
    private double estimate;
    private long updatedAt;

    /// Brings the average up to `now`, after running (or not) on a core of `capacity` since the last update.
    void update(long now, boolean ran, int capacity) {
        long periods = (now - updatedAt) >> PERIOD_SHIFT;
        if (periods == 0) {
            return;
        }
        updatedAt += periods << PERIOD_SHIFT;
        double kept = periods >= 64L * HALF_LIFE
                ? 0
                : StrictMath.scalb(DECAY[(int) (periods % HALF_LIFE)], -(int) (periods / HALF_LIFE));
        average = average * kept + (ran ? capacity * (1 - kept) : 0);
    }

    /// Going to sleep: the estimate follows peaks at once and falls by a quarter of the difference.
    void sleeps() {
        estimate = average >= estimate ? average : estimate - (estimate - average) / 4;
    }

    int value() {
        return (int) Math.max(average, estimate);
    }
}
