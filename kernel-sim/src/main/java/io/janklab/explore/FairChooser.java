package io.janklab.explore;

import java.util.SplittableRandom;

/// Every actor that can run gets turns, of random lengths and in random order: a task that waits for another one's step need not wait for
/// long. Always the same for the same run.
final class FairChooser implements Chooser {
    private static final int LONGEST_TURN = 32;

    private final SplittableRandom random = new SplittableRandom(1);
    private int left;

    @Override
    public int choose(RunSoFar run, long enabled, int current) {
        if (left > 0 && current >= 0 && Bits.contains(enabled, current)) {
            left--;
            return current;
        }
        left = random.nextInt(LONGEST_TURN);
        return Bits.nth(enabled, random.nextInt(Long.bitCount(enabled)));
    }
}
