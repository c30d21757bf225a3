package io.janklab.dashboards.compare;

import java.util.SplittableRandom;

/// The paired permutation test over seeds: if the two kernels were alike, each seed's pair of runs could be swapped without consequence.
/// The p value is the share of all swaps whose difference is at least as far from zero as the one seen (two-sided).
///
/// The 95 % interval inverts the test: it holds the differences that the test, had they been subtracted before, would not reject at 5 %. So
/// interval and p value never contradict each other: the interval is without zero just where p is 0.05 or less.
///
/// Exact up to 12 seeds; beyond, 2,047 random swaps and their opposites besides the experiment itself, the same ones every time.
final class PermutationTest {
    /// The level of significance.
    static final double LEVEL = 0.05;

    private static final int EXACT_SEEDS = 12;
    private static final long RANDOM_SEED = 0x7065726D757465L;
    /// Differences that close, relative to the one seen, are the same up to rounding.
    private static final double ROUNDING = 1e-9;
    /// How often the distance to an end of the interval is doubled in search of a difference that is rejected, and how often the rest is
    /// halved.
    private static final int DOUBLINGS = 16;
    private static final int HALVINGS = 10;

    /// Half of all: a swap's opposite gives the same difference the other way round. The first swaps nothing.
    private final boolean[][] swaps;
    private final int seeds;

    PermutationTest(int seeds) {
        this.seeds = seeds;
        swaps = new boolean[1 << (Math.min(seeds, EXACT_SEEDS) - 1)][seeds];
        SplittableRandom random = new SplittableRandom(RANDOM_SEED);
        for (int swap = 1; swap < swaps.length; swap++) {
            for (int seed = 0; seed < seeds; seed++) {
                swaps[swap][seed] = seeds <= EXACT_SEEDS ? (swap >> seed & 1) != 0 : random.nextBoolean();
            }
        }
    }

    /// The smallest p value that this many seeds can give: 2/2ⁿ, because swapping all of them gives the opposite difference.
    static double smallest(int seeds) {
        return Math.max(2.0 / (1L << Math.min(seeds, 62)), 2.0 / (1 << EXACT_SEEDS));
    }

    /// NaN for a single seed, and where the difference itself is NaN.
    double p(PairedFigure figure) {
        return p(figure, 0);
    }

    private double p(PairedFigure figure, double shift) {
        PairedFigure.Shifted shifted = figure.less(shift);
        double seen = Math.abs(shifted.difference(swaps[0]));
        if (seeds < 2 || Double.isNaN(seen)) {
            return Double.NaN;
        }
        int asFar = 0;
        for (boolean[] swap : swaps) {
            asFar += Math.abs(shifted.difference(swap)) >= seen * (1 - ROUNDING) ? 1 : 0;
        }
        return asFar / (double) swaps.length;
    }

    /// [Interval#NONE] where so few seeds reject nothing at 5 %, and where there is no difference.
    Interval interval(PairedFigure figure) {
        double p = p(figure);
        if (Double.isNaN(p) || smallest(seeds) > LEVEL) {
            return Interval.NONE;
        }
        double seen = figure.less(0).difference(swaps[0]);
        boolean withZero = p > LEVEL;
        return new Interval(end(figure, seen, -1, withZero), end(figure, seen, 1, withZero));
    }

    /// The farthest difference on that side of the observed one that is not rejected. Zero is inside or outside according to the p value.
    private double end(PairedFigure figure, double seen, int side, boolean withZero) {
        boolean zeroIsOnThisSide = seen * side < 0;
        double inside = withZero && zeroIsOnThisSide ? 0 : seen;
        double outside;
        if (!withZero && zeroIsOnThisSide) {
            outside = 0;
        } else {
            double step = Math.max(spread(figure, seen), Math.ulp(seen));
            outside = inside + side * step;
            for (int i = 0; i < DOUBLINGS && p(figure, outside) > LEVEL; i++) {
                inside = outside;
                step *= 2;
                outside = inside + side * step;
            }
        }
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (inside + outside) / 2;
            if (p(figure, middle) > LEVEL) {
                inside = middle;
            } else {
                outside = middle;
            }
        }
        return inside;
    }

    /// How far swapping a single seed moves the difference, at most.
    private double spread(PairedFigure figure, double seen) {
        PairedFigure.Shifted shifted = figure.less(seen);
        double farthest = 0;
        boolean[] one = new boolean[seeds];
        for (int seed = 0; seed < seeds; seed++) {
            one[seed] = true;
            farthest = Math.max(farthest, Math.abs(shifted.difference(one)));
            one[seed] = false;
        }
        return farthest;
    }
}
