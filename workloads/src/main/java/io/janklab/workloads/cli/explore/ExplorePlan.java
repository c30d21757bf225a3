package io.janklab.workloads.cli.explore;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `janklab explore`, read, checked and ready to run.
///
/// @param asked what the user wants explored; empty if that is left to what is known
/// @param known what catches the lack of the rules that are taken out: explored too if nothing that was asked for breaks
/// @param trace gets what breaks, or the schedule that is replayed; null for none
record ExplorePlan(List<PlannedExploration> asked, List<KnownExplorations> known, @Nullable Path trace) {
    ExplorePlan {
        asked = List.copyOf(asked);
        known = List.copyOf(known);
    }
}
