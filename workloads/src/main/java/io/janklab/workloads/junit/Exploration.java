package io.janklab.workloads.junit;

import io.janklab.explore.ExploreSpec;
import io.janklab.explore.FindingText;
import io.janklab.explore.Litmus;
import io.janklab.explore.Strategy;
import io.janklab.explore.Verdict;
import io.janklab.explore.search.Explorer;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;

/// The exploration that an [Explore] asks for: a kernel, and how many schedules of which kind.
public final class Exploration {
    private final KernelProfile kernel;
    private final Architecture architecture;
    private final Strategy strategy;
    private final long schedules;
    private final long seed;

    Exploration(KernelProfile kernel, Architecture architecture, Strategy strategy, long schedules, long seed) {
        this.kernel = kernel;
        this.architecture = architecture;
        this.strategy = strategy;
        this.schedules = schedules;
        this.seed = seed;
    }

    /// Runs the program.
    public Verdict of(Litmus litmus) {
        return new Explorer(new ExploreSpec(litmus, kernel, architecture)).strategy(strategy).schedules(schedules).seed(seed).explore();
    }

    /// Runs the program, which must break no rule and have no outcome but those it allows.
    ///
    /// @throws AssertionError with the shortest schedule found that does, step by step
    public void passes(Litmus litmus) {
        Verdict verdict = of(litmus);
        if (verdict.finding() != null) {
            throw new AssertionError(litmus.name() + " on " + kernel.name() + "\n" + new FindingText(verdict.finding())
                    + "\nTo see it again: @Explore(strategy = \"replay:" + verdict.finding().schedule() + "\")");
        }
    }
}
