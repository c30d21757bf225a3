package io.janklab.workloads.live.litmus;

import io.janklab.explore.ExploreSpec;
import io.janklab.explore.Strategy;

/// A question about a litmus that the command line has understood.
///
/// @param schedules how many at most
/// @param again the command that replays a schedule, without the schedule
public record LitmusPlan(ExploreSpec spec, Strategy strategy, long schedules, String again) {}
