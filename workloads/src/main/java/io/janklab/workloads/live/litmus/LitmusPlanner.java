package io.janklab.workloads.live.litmus;

import io.janklab.workloads.input.BadInput;

/// The command line, as far as it judges questions about litmuses.
@FunctionalInterface
public interface LitmusPlanner {
    /// @throws BadInput in the command line's own sentence, if the question cannot be answered
    LitmusPlan plan(LitmusQuestion question);
}
