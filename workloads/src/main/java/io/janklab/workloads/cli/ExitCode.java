package io.janklab.workloads.cli;

/// What the process ends with.
final class ExitCode {
    static final int OK = 0;
    static final int INTERNAL_FAILURE = 1;
    static final int BAD_INPUT = 2;
    /// `conform`: the simulated kernel is not like the host's.
    static final int KERNELS_DISAGREE = 4;

    private ExitCode() {}
}
