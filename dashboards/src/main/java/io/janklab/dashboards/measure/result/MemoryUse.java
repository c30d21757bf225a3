package io.janklab.dashboards.measure.result;

/// The app's memory over a run, in bytes; means are over virtual time, from when it first had any.
public record MemoryUse(long rssMeanBytes, long rssPeakBytes, long pageTablePeakBytes, long pageTableEndBytes) {
    /// The highest of both runs, figure by figure.
    public MemoryUse max(MemoryUse other) {
        return new MemoryUse(
                Math.max(rssMeanBytes, other.rssMeanBytes),
                Math.max(rssPeakBytes, other.rssPeakBytes),
                Math.max(pageTablePeakBytes, other.pageTablePeakBytes),
                Math.max(pageTableEndBytes, other.pageTableEndBytes));
    }
}
