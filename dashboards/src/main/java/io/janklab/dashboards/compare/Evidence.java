package io.janklab.dashboards.compare;

import java.util.List;

/// How much the seeds of an experiment can prove, and what they do prove, of the differences between its first kernel and another.
///
/// @param seeds how many there are
/// @param headline the metric named beforehand, which alone needs no correction
/// @param comparisons of all metrics that can be told from chance
public record Evidence(int seeds, String headline, List<Comparison> comparisons) {
    /// The level below which a difference is beyond chance.
    public static final double LEVEL = PermutationTest.LEVEL;

    private static final int MOST_SEEDS = 64;

    public Evidence {
        comparisons = comparisons.stream().filter(comparison -> !Double.isNaN(comparison.p())).toList();
    }

    /// The smallest p value that this many seeds can give.
    public double smallestP() {
        return smallestP(seeds);
    }

    /// The smallest that this many can give.
    public static double smallestP(int seeds) {
        return PermutationTest.smallest(seeds);
    }

    /// From how many seeds on a p value can fall to [#LEVEL].
    public static int seedsForP() {
        return seedsFor(1);
    }

    /// From how many seeds on it can after the correction for all metrics but the headline.
    public int seedsForCorrectedP() {
        return seedsFor(others());
    }

    /// How many metrics share the correction.
    public int others() {
        return (int) comparisons.stream().filter(comparison -> !comparison.metric().equals(headline)).count();
    }

    private static int seedsFor(int metrics) {
        int seeds = 2;
        while (seeds < MOST_SEEDS && metrics * PermutationTest.smallest(seeds) > LEVEL) {
            seeds++;
        }
        return seeds;
    }
}
