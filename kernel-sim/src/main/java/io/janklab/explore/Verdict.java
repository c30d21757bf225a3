package io.janklab.explore;

import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/// The result of an exploration.
///
/// @param strategy by which schedules were chosen: never [Strategy.Auto], but the one it settled on
/// @param schedules how many were run, up to the first that broke a rule
/// @param steps     how many steps they had altogether
/// @param outcomes  how often each outcome was seen
/// @param finding   null if no rule was broken
/// @param complete  whether every schedule there is has been run, or one equal to it
/// @param cut how many schedules a depth-first search abandoned for having eight times as many steps as an undisturbed run
public record Verdict(Strategy strategy, long schedules, long steps, SortedMap<String, Long> outcomes, @Nullable Finding finding,
        boolean complete, long cut) {}
