package io.janklab.dashboards.compare;

import java.util.List;

/// How much the seeds of an experiment can prove, and what they do prove, of the differences between its first kernel and another.
///
/// @param seeds how many there are
/// @param comparisons of all metrics
public record Evidence(int seeds, List<Comparison> comparisons) {
    /// What counts as beyond chance.
    public static final double LEVEL = 0.05;

    private static final int MOST_SEEDS = 64;

    public Evidence {
        comparisons = comparisons.stream().filter(comparison -> !Double.isNaN(comparison.p())).toList();
    }

    /// The smallest p value that so many seeds can give.
    public double smallestP() {
        return PermutationTest.smallest(seeds);
    }

    /// From how many seeds on a p value can fall to [#LEVEL].
    public static int seedsForP() {
        return seedsFor(1);
    }

    /// From how many seeds on it can after the correction for all metrics.
    public int seedsForCorrectedP() {
        return seedsFor(comparisons.size());
    }

    private static int seedsFor(int metrics) {
        int seeds = 2;
        while (seeds < MOST_SEEDS && metrics * PermutationTest.smallest(seeds) > LEVEL) {
            seeds++;
        }
        return seeds;
    }

    /// Those that stay beyond chance after the correction.
    public List<Comparison> beyondChance() {
        return comparisons.stream().filter(comparison -> comparison.pHolm() <= LEVEL).toList();
    }
}
