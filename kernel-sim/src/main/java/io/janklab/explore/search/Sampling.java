package io.janklab.explore.search;

import io.janklab.explore.Breach;
import io.janklab.explore.Chooser;
import io.janklab.explore.Execution;
import io.janklab.explore.ExploreSpec;
import io.janklab.explore.Sharing;
import io.janklab.explore.Strategy;
import io.janklab.explore.Verdict;
import io.janklab.sim.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiPredicate;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// Schedules drawn at random, each from its own number: the lowest-numbered one that breaks a rule ends the exploration, whichever host
/// thread comes upon it first.
final class Sampling {
    private static final int BLOCK = 256;
    /// Runs from which the length of runs is estimated, as a rule.
    static final int SOUNDINGS = 16;

    private final ExploreSpec spec;
    private final Sharing sharing;
    private final Strategy strategy;
    private final long seed;
    /// How many choices a run has at most, or about.
    private final int choices;
    private final AtomicLong lowestBroken = new AtomicLong(Long.MAX_VALUE);

    Sampling(ExploreSpec spec, Sharing sharing, Strategy strategy, long seed) {
        this(spec, sharing, strategy, seed, SOUNDINGS, (execution, broken) -> true);
    }

    /// @param soundings runs from which the length of runs is estimated, or fewer
    /// @param listener  of each of these, with what it broke or null; it says whether there are to be more
    Sampling(ExploreSpec spec, Sharing sharing, Strategy strategy, long seed, int soundings,
            BiPredicate<Execution, @Nullable Breach> listener) {
        this.spec = spec;
        this.sharing = sharing;
        this.strategy = strategy;
        this.seed = seed;
        this.choices = mostChoices(soundings, listener);
    }

    /// Priorities alone decide whose calls succeed, and so how long a run is.
    private int mostChoices(int soundings, BiPredicate<Execution, @Nullable Breach> listener) {
        int most = 0;
        boolean more = true;
        for (int run = 0; run < soundings && more; run++) {
            Execution execution = new Execution(spec, new PctChooser(run, 1, 0), sharing);
            more = listener.test(execution, execution.run());
            most = Math.max(most, execution.choices());
        }
        return most;
    }

    Verdict explore(HostThreads threads, long schedules, LongConsumer progress) {
        List<Block> blocks = new ArrayList<>();
        for (long first = 0; first < schedules; first += BLOCK) {
            blocks.add(new Block(first, Math.min(first + BLOCK, schedules), progress));
        }
        threads.run(blocks);
        Tally all = new Tally();
        for (Block block : blocks) {
            if (!all.isBroken()) {
                all.add(block.tally);
            }
        }
        return all.verdict(spec, strategy, false);
    }

    /// Runs schedules `first` to `end`, the latter excluded, on the calling thread, up to the first that breaks a rule.
    Tally run(long first, long end) {
        Block block = new Block(first, end, count -> {});
        block.run();
        return block.tally;
    }

    /// Schedules `first` to `end`, the latter excluded.
    private final class Block implements Runnable {
        private final long first;
        private final long end;
        private final LongConsumer progress;
        private final Tally tally = new Tally();

        Block(long first, long end, LongConsumer progress) {
            this.first = first;
            this.end = end;
            this.progress = progress;
        }

        @Override
        public void run() {
            for (long index = first; index < end && !tally.isBroken() && first < lowestBroken.get(); index++) {
                Execution execution = new Execution(spec, chooser(index), sharing);
                tally.add(execution, execution.run());
                if (tally.isBroken()) {
                    lowestBroken.accumulateAndGet(index, Math::min);
                }
            }
            progress.accept(tally.runs());
        }
    }

    private Chooser chooser(long index) {
        Digest own = new Digest();
        own.mix(seed, index);
        return strategy instanceof Strategy.Pct pct ? new PctChooser(own.value(), pct.depth(), choices) : new RandomChooser(own.value());
    }
}
