package io.janklab.explore.search;

import io.janklab.explore.Breach;
import io.janklab.explore.Chooser;
import io.janklab.explore.Execution;
import io.janklab.explore.ExploreSpec;
import io.janklab.explore.Sharing;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/// Runs that show what a litmus shares, before it is explored.
final class Scouts {
    /// Runs after which the shared objects are taken to be known, or nearly so.
    static final int USUAL = 32;

    private Scouts() {}

    /// The objects that some runs show to be shared: always the same for the same litmus and kernel.
    static Sharing sharing(ExploreSpec spec) {
        return sharing(spec, USUAL, (execution, broken) -> true);
    }

    /// The same, by so many runs, or fewer: each goes to `listener`, with what it broke or null, which says whether there are to be more.
    static Sharing sharing(ExploreSpec spec, int scouts, BiPredicate<Execution, @Nullable Breach> listener) {
        Sharing sharing = Sharing.nothing();
        Sharing.Encounters encounters = new Sharing.Encounters();
        boolean more = true;
        for (int run = 0; run < scouts && more; run++) {
            Chooser chooser = run % 2 == 0 ? new PctChooser(run, 1, 0) : new RandomChooser(run);
            Execution execution = new Execution(spec, chooser, Sharing.everything()).loggingConflicts();
            more = listener.test(execution, execution.run());
            encounters.of(execution.conflicts().accesses(), sharing, sharing::add);
        }
        return sharing;
    }
}
