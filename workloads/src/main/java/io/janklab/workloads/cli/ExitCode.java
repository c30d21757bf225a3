package io.janklab.workloads.cli;

/// The exit codes of the process.
final class ExitCode {
    static final int OK = 0;
    static final int INTERNAL_FAILURE = 1;
    static final int BAD_INPUT = 2;
    /// The simulated kernel broke a rule of its own; a report of its tasks is on stderr.
    static final int KERNEL_RULE_BROKEN = 3;
    /// `conform`: the simulated kernel is not like the host's.
    static final int KERNELS_DISAGREE = 4;

    /// `merge`: a run that was made twice had different results.
    static final int RUNS_DISAGREE = 5;

    /// `diff`: a metric that must not be worse is.
    static final int WORSE = 6;

    private ExitCode() {}
}
