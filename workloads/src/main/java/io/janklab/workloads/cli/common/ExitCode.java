package io.janklab.workloads.cli.common;

/// The exit codes of the process.
public final class ExitCode {
    public static final int OK = 0;
    public static final int INTERNAL_FAILURE = 1;
    public static final int BAD_INPUT = 2;
    /// The simulated kernel broke a rule of its own; a report of its tasks is on stderr.
    public static final int KERNEL_RULE_BROKEN = 3;
    /// `conform`: the simulated kernel is not like the host's.
    public static final int KERNELS_DISAGREE = 4;

    /// `merge`: a run that was made twice had different results.
    public static final int RUNS_DISAGREE = 5;

    /// `diff`: a metric that must not be worse is.
    public static final int WORSE = 6;

    private ExitCode() {}
}
