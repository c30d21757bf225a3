package io.janklab.workloads.cli.explore;

import io.janklab.explore.ExploreSpec;
import io.janklab.explore.Strategy;

/// One exploration: of a litmus on a kernel.
///
/// @param most schedules
/// @param subject the words that name the litmus on the command line
/// @param options those that choose the kernel, each with a blank before it
record PlannedExploration(ExploreSpec spec, Strategy how, long most, long seed, String subject, String options) {
    /// As opposed to the replay of one schedule.
    boolean isSearch() {
        return !(how instanceof Strategy.Replay);
    }
}
