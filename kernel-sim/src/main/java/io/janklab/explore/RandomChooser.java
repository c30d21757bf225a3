package io.janklab.explore;

import java.util.SplittableRandom;

/// Each step is any actor's, with equal odds.
final class RandomChooser implements Chooser {
    private final SplittableRandom random;

    RandomChooser(long seed) {
        random = new SplittableRandom(seed);
    }

    @Override
    public int choose(RunSoFar run, long enabled, int current) {
        return (enabled & enabled - 1) == 0
                ? Long.numberOfTrailingZeros(enabled)
                : Bits.nth(enabled, random.nextInt(Long.bitCount(enabled)));
    }
}
