package io.janklab.explore.search;

import io.janklab.explore.Bits;
import io.janklab.explore.Chooser;
import io.janklab.explore.RunSoFar;
import java.util.SplittableRandom;

/// Each step is any actor's, with equal odds.
public final class RandomChooser implements Chooser {
    private final SplittableRandom random;

    public RandomChooser(long seed) {
        random = new SplittableRandom(seed);
    }

    @Override
    public int choose(RunSoFar run, long enabled, int current) {
        return (enabled & enabled - 1) == 0
                ? Long.numberOfTrailingZeros(enabled)
                : Bits.nth(enabled, random.nextInt(Long.bitCount(enabled)));
    }
}
