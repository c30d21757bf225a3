package io.janklab.workloads.live.ask;

/// The command line, as far as it judges questions.
@FunctionalInterface
public interface Planner {
    /// @throws BadInput in the command line's own sentence, if the question cannot be answered
    Plan plan(Question question);
}
