package io.janklab.workloads.cli.common;

/// The work of a command, as a record of its output and its plan: what was asked, read and checked. It knows no option.
public interface Job {
    /// @return the exit code
    int run();
}
