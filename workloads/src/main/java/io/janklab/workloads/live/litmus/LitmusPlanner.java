package io.janklab.workloads.live.litmus;

/// The command line, as far as it judges questions about litmuses.
@FunctionalInterface
public interface LitmusPlanner {
    /// @throws BadInput in the command line's own sentence, if the question cannot be answered
    LitmusPlan plan(LitmusQuestion question);
}
