package io.janklab.dashboards.compare;

import java.util.SplittableRandom;

/// The paired permutation test over seeds: were the two kernels alike, each seed's pair of runs could as well be swapped. The p value is
/// the share of all swaps whose difference is at least as far from zero as the one seen (two-sided).
///
/// Exact up to 12 seeds; beyond, 4,095 random swaps besides the experiment itself, the same ones every time.
final class PermutationTest {
    private static final int EXACT_SEEDS = 12;
    private static final long RANDOM_SEED = 0x7065726D757465L;
    /// Differences that close, relative to the one seen, are the same up to rounding.
    private static final double ROUNDING = 1e-9;

    private PermutationTest() {}

    /// The smallest p value that so many seeds can give: 2/2ⁿ, for swapping all of them gives the same difference the other way round.
    static double smallest(int seeds) {
        return Math.max(2.0 / (1L << Math.min(seeds, 62)), 1.0 / (1 << EXACT_SEEDS));
    }

    /// NaN for a single seed, and where the difference is none itself.
    static double p(int seeds, PairedFigure figure) {
        double seen = Math.abs(figure.difference(new boolean[seeds]));
        if (seeds < 2 || Double.isNaN(seen)) {
            return Double.NaN;
        }
        boolean[] swapped = new boolean[seeds];
        int swaps = 1 << Math.min(seeds, EXACT_SEEDS);
        SplittableRandom random = new SplittableRandom(RANDOM_SEED);
        int asFar = 0;
        for (int swap = 0; swap < swaps; swap++) {
            if (seeds <= EXACT_SEEDS) {
                enumerate(swapped, swap);
            } else if (swap > 0) {
                draw(swapped, random);
            }
            asFar += Math.abs(figure.difference(swapped)) >= seen * (1 - ROUNDING) ? 1 : 0;
        }
        return asFar / (double) swaps;
    }

    /// The swap of that number; 0 swaps nothing, which is the experiment itself.
    private static void enumerate(boolean[] swapped, int number) {
        for (int i = 0; i < swapped.length; i++) {
            swapped[i] = (number >> i & 1) != 0;
        }
    }

    private static void draw(boolean[] swapped, SplittableRandom random) {
        for (int i = 0; i < swapped.length; i++) {
            swapped[i] = random.nextBoolean();
        }
    }
}
