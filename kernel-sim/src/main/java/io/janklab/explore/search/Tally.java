package io.janklab.explore.search;

import io.janklab.explore.Breach;
import io.janklab.explore.Execution;
import io.janklab.explore.ExploreSpec;
import io.janklab.explore.Finding;
import io.janklab.explore.Schedule;
import io.janklab.explore.Strategy;
import io.janklab.explore.Verdict;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The results of some runs, up to the first that breaks a rule.
final class Tally {
    private long runs;
    private long steps;
    private long cut;
    private final TreeMap<String, Long> outcomes = new TreeMap<>();
    private @Nullable Breach breach;
    private @Nullable Schedule schedule;

    /// Counts one run; `its` is what it broke, or null.
    void add(Execution execution, @Nullable Breach its) {
        runs++;
        steps += execution.steps();
        outcomes.merge(its == null || its.isOutcome() ? execution.program().outcome() : its.kind(), 1L, Long::sum);
        if (its != null) {
            breach = its;
            schedule = execution.schedule();
        }
    }

    /// Counts one run that was abandoned for its length.
    void addCut(Execution execution) {
        runs++;
        steps += execution.steps();
        cut++;
    }

    /// Counts another part of the same exploration, as long as nothing is broken.
    void add(Tally other) {
        runs += other.runs;
        steps += other.steps;
        cut += other.cut;
        other.outcomes.forEach((outcome, count) -> outcomes.merge(outcome, count, Long::sum));
        breach = other.breach;
        schedule = other.schedule;
    }

    long runs() {
        return runs;
    }

    boolean isBroken() {
        return breach != null;
    }

    long steps() {
        return steps;
    }

    /// @param exhausted whether nothing is left to run
    Verdict verdict(ExploreSpec spec, Strategy strategy, boolean exhausted) {
        Finding finding = breach == null || schedule == null
                ? null
                : new ScheduleShrink(spec, breach.kind()).shortest(schedule, runs - 1);
        return new Verdict(strategy, runs, steps, outcomes, finding, exhausted && !isBroken() && cut == 0, cut);
    }
}
