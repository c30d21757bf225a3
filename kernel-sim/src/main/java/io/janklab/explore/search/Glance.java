package io.janklab.explore.search;

import io.janklab.explore.Breach;
import io.janklab.explore.Execution;
import io.janklab.explore.ExploreSpec;
import io.janklab.explore.Sharing;
import io.janklab.explore.Strategy;
import io.janklab.explore.Verdict;
import org.jspecify.annotations.Nullable;

/// One of very many explorations, each of few schedules. Those that find out what tasks share, and how long runs are, count as schedules
/// like all others: what they break is a finding.
public final class Glance {
    /// One in so many schedules, up to the usual number, finds out what is shared.
    private static final int PER_SCOUT = 3;
    /// One in so many, up to the usual number, finds out how long runs are.
    private static final int PER_SOUNDING = 6;

    private final ExploreSpec spec;
    private final Strategy strategy;
    private final long schedules;
    private final long seed;
    private final Tally tally = new Tally();

    /// @param strategy  of those that are left
    /// @param schedules how many at most, all told
    public Glance(ExploreSpec spec, Strategy strategy, long schedules, long seed) {
        this.spec = spec;
        this.strategy = strategy;
        this.schedules = schedules;
        this.seed = seed;
    }

    /// Explores, on the calling thread, until a rule is broken or enough schedules have been run.
    public Verdict explore() {
        Sharing sharing = Scouts.sharing(spec, share(PER_SCOUT, Scouts.USUAL), this::counts);
        if (!tally.isBroken()) {
            Sampling sampling = new Sampling(spec, sharing, strategy, seed, share(PER_SOUNDING, Sampling.SOUNDINGS), this::counts);
            long left = schedules - tally.runs();
            if (!tally.isBroken()) {
                tally.add(sampling.run(0, left));
            }
        }
        return tally.verdict(spec, strategy, false);
    }

    private int share(int one, int most) {
        return Math.clamp(schedules / one, 1, most);
    }

    /// Counts a run.
    ///
    /// @return whether there are to be more
    private boolean counts(Execution execution, @Nullable Breach broken) {
        // Runs that find out what is shared are not fair.
        if (broken != null && broken.isEndless()) {
            tally.addCut(execution);
        } else {
            tally.add(execution, broken);
        }
        return !tally.isBroken();
    }
}
