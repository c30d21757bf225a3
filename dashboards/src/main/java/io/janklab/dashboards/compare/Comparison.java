package io.janklab.dashboards.compare;

/// What changes in one metric between two kernels, in the metric's own unit.
///
/// @param difference `to` minus `from`
/// @param low lower end of the 95 % interval; NaN if there is only one seed, which gives no interval
/// @param high upper end, or NaN
/// @param p of the paired permutation test: how often swapping the two kernels' runs seed by seed gives a difference as large; NaN with
///        one seed
/// @param smallestP the smallest p that so many seeds can give
/// @param pHolm p after Holm's correction for all metrics that were compared between the two kernels
public record Comparison(String from, String to, String metric, double difference, double low, double high, double p, double smallestP, double pHolm) {
    /// What interval and p say together.
    public enum Verdict {
        LOWER,
        HIGHER,
        /// The interval contains zero, or p is neither 0.05 or less nor the smallest there can be.
        NO_DIFFERENCE,
        /// One seed: nothing can be said about chance.
        NO_INTERVAL
    }

    Comparison corrected(double newPHolm) {
        return new Comparison(from, to, metric, difference, low, high, p, smallestP, newPHolm);
    }

    public boolean hasInterval() {
        return !Double.isNaN(low);
    }

    public Verdict verdict() {
        if (!hasInterval()) {
            return Verdict.NO_INTERVAL;
        }
        if (p > Math.max(Evidence.LEVEL, smallestP) || low <= 0 && high >= 0) {
            return Verdict.NO_DIFFERENCE;
        }
        return low > 0 ? Verdict.HIGHER : Verdict.LOWER;
    }
}
