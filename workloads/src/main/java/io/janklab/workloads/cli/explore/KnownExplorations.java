package io.janklab.workloads.cli.explore;

import java.util.List;

/// Explorations that are known to catch the lack of a rule.
///
/// @param remark says so
record KnownExplorations(String remark, List<PlannedExploration> explorations) {
    KnownExplorations {
        explorations = List.copyOf(explorations);
    }
}
