package io.janklab.workloads.cli.plan;

import java.net.URI;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The files that a run writes beside the usual ones, and the receivers of its meters: [ExportOptions], checked.
///
/// @param perfetto whether to write a `.perfetto-trace` of each kernel
/// @param traceWindowNs how much of virtual time it covers before and after each of the worst frames; null for the whole run
/// @param offCpu whether to write folded stacks
/// @param openMetrics whether to write the meters over virtual time
/// @param lockStat whether to print `/proc/lock_stat` of each kernel
/// @param otlp where to push the meters; null for nowhere
/// @param epoch when virtual time began
/// @param port to serve the meters on while the runs last, 0 for any that is free; null for none
/// @param pace how fast virtual time may pass; null if it is not limited
public record Exports(boolean perfetto, @Nullable Long traceWindowNs, boolean offCpu, boolean openMetrics, boolean lockStat,
        @Nullable URI otlp, Instant epoch, @Nullable Integer port, @Nullable Pace pace) {
    /// Whether the runs are paced or served.
    public boolean live() {
        return pace != null;
    }
}
