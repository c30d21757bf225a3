package io.janklab.dashboards.compare;

/// The change in one metric between two kernels, in the metric's own unit.
///
/// @param difference `to` minus `from`
/// @param low lower end of the 95 % interval; NaN where there is none
/// @param high upper end, or NaN
/// @param p of the paired permutation test: how often swapping the two kernels' runs seed by seed gives a difference as large; NaN where it
///        cannot be computed: with one seed, for a maximum, for figures not measured
/// @param pHolm p after Holm's correction for the metrics that were compared beside the headline; the headline's own p is not corrected,
///        because it was named before any figure was seen
public record Comparison(
        String from, String to, String metric, double difference, double low, double high, double p, double pHolm, int seeds) {

    /// The one rule that decides whether two kernels differ.
    public enum Verdict {
        /// Beyond chance: p is 0.05 or less, corrected for the other metrics unless this one is the headline.
        LOWER,
        HIGHER,
        /// p is 0.05 or less, and the interval without zero, but not after the correction: one of twenty equal metrics looks so.
        LOWER_BY_ITSELF,
        HIGHER_BY_ITSELF,
        /// p is above 0.05, and zero within the interval.
        NO_DIFFERENCE,
        /// p cannot be 0.05 or less, even if all seeds agree.
        TOO_FEW_SEEDS,
        /// A single frame's figure, or one that was not measured in every run.
        UNTESTED
    }

    Comparison corrected(double newPHolm) {
        return new Comparison(from, to, metric, difference, low, high, p, newPHolm, seeds);
    }

    public boolean hasInterval() {
        return !Double.isNaN(low);
    }

    public Verdict verdict() {
        if (PermutationTest.smallest(seeds) > Evidence.LEVEL) {
            return Verdict.TOO_FEW_SEEDS;
        }
        if (Double.isNaN(p)) {
            return Verdict.UNTESTED;
        }
        if (p > Evidence.LEVEL) {
            return Verdict.NO_DIFFERENCE;
        }
        if (pHolm > Evidence.LEVEL) {
            return difference > 0 ? Verdict.HIGHER_BY_ITSELF : Verdict.LOWER_BY_ITSELF;
        }
        return difference > 0 ? Verdict.HIGHER : Verdict.LOWER;
    }

    public boolean isBeyondChance() {
        return verdict() == Verdict.LOWER || verdict() == Verdict.HIGHER;
    }
}
