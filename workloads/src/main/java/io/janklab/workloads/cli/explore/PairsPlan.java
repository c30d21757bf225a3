package io.janklab.workloads.cli.explore;

import io.janklab.explore.pairs.Crossing;
import io.janklab.explore.pairs.PairSearch;
import java.util.List;

/// `janklab explore pairs`, read, checked and ready to run.
///
/// @param search how each exploration is made
/// @param crossings what is explored on each of `targets`
/// @param most of the explorations, drawn at random
/// @param words the options that chose the targets
record PairsPlan(PairSearch search, List<Crossing> crossings, List<PairSearch.Target> targets, int most, KernelWords words) {
    PairsPlan {
        crossings = List.copyOf(crossings);
        targets = List.copyOf(targets);
    }

    long explorations() {
        return Math.min(most, (long) crossings.size() * targets.size());
    }
}
