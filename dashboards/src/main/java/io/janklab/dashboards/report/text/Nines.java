package io.janklab.dashboards.report.text;

/// The scale of percentiles on which each further nine is as wide as the one before: P90 is 1, P99 is 2, P99.9 is 3.
public final class Nines {
    private Nines() {}

    public static double of(double percent) {
        return -Math.log10(1 - percent / 100);
    }

    static double percent(double nines) {
        return 100 * (1 - Math.pow(10, -nines));
    }

    /// `count` percentiles from `low` to `high`, evenly spread on this scale.
    public static double[] percents(double low, double high, int count) {
        double[] percents = new double[count];
        for (int i = 0; i < count; i++) {
            percents[i] = percent(of(low) + (of(high) - of(low)) * i / (count - 1));
        }
        return percents;
    }
}
