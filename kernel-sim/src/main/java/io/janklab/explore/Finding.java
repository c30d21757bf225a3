package io.janklab.explore;

import java.util.List;

/// A schedule that breaks a rule.
///
/// @param index    which schedule found it, from 0
/// @param kind     what sort of rule
/// @param rule     the rule that was broken, in a sentence
/// @param where    the operation of mm that came upon it: `Populate.touched`; empty if it showed at the end
/// @param schedule the shortest schedule found that breaks it
/// @param tasks    the names of the program's tasks; the first is A
/// @param steps    what happens under it; none if that is not kept
public record Finding(long index, String kind, String rule, String where, Schedule schedule, List<String> tasks, List<Step> steps) {
    /// The same without what happens, of which there may be tens of thousands of steps.
    public Finding withoutSteps() {
        return new Finding(index, kind, rule, where, schedule, tasks, List.of());
    }
}
