package io.janklab.workloads.scale;

/// The result of one run: iterations of all its tasks within its duration, and the digest of everything that happened.
public record ScaleResult(ScaleSpec spec, long iterations, long digest) {
    private static final double NS_PER_S = 1e9;

    /// Iterations per second of virtual time, all tasks together.
    public double perSecond() {
        return iterations * NS_PER_S / spec.durationNs();
    }
}
