package io.janklab.dashboards.measure;

/// The app's memory over a run, in bytes.
public record MemoryPeaks(long rssPeakBytes, long pageTablePeakBytes, long pageTableEndBytes) {
    /// The highest of both runs, figure by figure.
    public MemoryPeaks max(MemoryPeaks other) {
        return new MemoryPeaks(
                Math.max(rssPeakBytes, other.rssPeakBytes),
                Math.max(pageTablePeakBytes, other.pageTablePeakBytes),
                Math.max(pageTableEndBytes, other.pageTableEndBytes));
    }
}
