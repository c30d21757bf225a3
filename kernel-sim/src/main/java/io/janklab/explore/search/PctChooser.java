package io.janklab.explore.search;

import io.janklab.explore.Chooser;
import io.janklab.explore.RunSoFar;
import java.util.SplittableRandom;

/// The most urgent actor runs; at `depth` − 1 choices drawn beforehand, the one about to run falls behind all others.
final class PctChooser implements Chooser {
    private final SplittableRandom random;
    private final int[] changes;
    private final int[] priorities = new int[Long.SIZE];
    private int lowest;

    /// @param choices about how many choices a run has
    PctChooser(long seed, int depth, int choices) {
        random = new SplittableRandom(seed);
        changes = new int[depth - 1];
        for (int i = 0; i < changes.length; i++) {
            changes[i] = random.nextInt(Math.max(1, choices));
        }
    }

    @Override
    public int choose(RunSoFar run, long enabled, int current) {
        int next = mostUrgent(enabled);
        for (int change : changes) {
            if (change == run.choices()) {
                priorities[next] = --lowest;
                next = mostUrgent(enabled);
            }
        }
        return next;
    }

    private int mostUrgent(long enabled) {
        int best = -1;
        for (long rest = enabled; rest != 0; rest &= rest - 1) {
            int actor = Long.numberOfTrailingZeros(rest);
            if (priorities[actor] == 0) {
                priorities[actor] = 1 + random.nextInt(1 << 30);
            }
            if (best < 0 || priorities[actor] > priorities[best]) {
                best = actor;
            }
        }
        return best;
    }
}
