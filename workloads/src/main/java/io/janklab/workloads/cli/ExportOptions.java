package io.janklab.workloads.cli;

import io.janklab.workloads.input.BadInput;
import picocli.CommandLine.Option;

/// Which files a run writes beside the usual ones.
final class ExportOptions {
    private static final long NS_PER_MS = 1_000_000;

    @Option(
            names = "--perfetto",
            description = "Also write a .perfetto-trace of each kernel: of the seed in which the first kernel had its latest frame.")
    boolean perfetto;

    @Option(
            names = "--trace-window",
            paramLabel = "MS",
            description = "A .perfetto-trace of the worst frames only, with MS milliseconds before and after each.")
    Integer traceWindowMs;

    boolean wantsPerfetto() {
        return perfetto || traceWindowMs != null;
    }

    /// Null for all of the run.
    Long traceWindowNs() {
        return traceWindowMs == null ? null : traceWindowMs * NS_PER_MS;
    }

    /// @throws BadInput if any option cannot be used
    void check() {
        if (traceWindowMs != null && traceWindowMs < 0) {
            throw new BadInput("--trace-window takes milliseconds, 0 or more, not " + traceWindowMs + ".");
        }
    }
}
