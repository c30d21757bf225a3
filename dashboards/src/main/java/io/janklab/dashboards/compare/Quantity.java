package io.janklab.dashboards.compare;

/// A figure of a run that its workload measures itself, beside the frames: `mmap + munmap P99` in `µs`.
///
/// @param name unique within a run
/// @param unit as it is shown: `µs`, `kB`, `1/s`
public record Quantity(String name, String unit, double value) {
    /// The prefix of the names of its metrics.
    public static final String METRIC_PREFIX = "quantity.";

    /// The name of its [Comparison].
    public String metric() {
        return METRIC_PREFIX + name;
    }
}
