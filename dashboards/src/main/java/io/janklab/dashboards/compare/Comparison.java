package io.janklab.dashboards.compare;

/// What changes in one metric between two kernels, in the metric's own unit.
///
/// @param difference `to` minus `from`
/// @param low lower end of the 95 % interval; NaN if there is only one seed, which gives no interval
/// @param high upper end, or NaN
/// @param p of the paired permutation test: how often swapping the two kernels' runs seed by seed gives a difference as large; NaN with
///        one seed
/// @param pHolm the same after Holm's correction for all metrics that were compared between the two kernels
public record Comparison(String from, String to, String metric, double difference, double low, double high, double p, double pHolm) {
    /// What the interval says.
    public enum Verdict {
        LOWER,
        HIGHER,
        /// The interval contains zero.
        NO_DIFFERENCE,
        /// One seed: nothing can be said about chance.
        NO_INTERVAL
    }

    Comparison corrected(double newPHolm) {
        return new Comparison(from, to, metric, difference, low, high, p, newPHolm);
    }

    public boolean hasInterval() {
        return !Double.isNaN(low);
    }

    public Verdict verdict() {
        if (!hasInterval()) {
            return Verdict.NO_INTERVAL;
        }
        if (low > 0) {
            return Verdict.HIGHER;
        }
        return high < 0 ? Verdict.LOWER : Verdict.NO_DIFFERENCE;
    }
}
