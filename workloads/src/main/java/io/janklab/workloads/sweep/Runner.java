package io.janklab.workloads.sweep;

import java.util.List;

/// Executes runs, somewhere.
public interface Runner {
    /// Told of every run that has ended, one call at a time.
    @FunctionalInterface
    interface Progress {
        void runEnded(RunResult result);
    }

    /// Executes all of `specs` and returns their results in the same order.
    ///
    /// @throws RuntimeException what the first run to fail threw; the others are then given up
    List<RunResult> run(List<RunSpec> specs, Progress progress);
}
