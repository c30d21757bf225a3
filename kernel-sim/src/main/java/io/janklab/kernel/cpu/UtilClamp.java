package io.janklab.kernel.cpu;

/// The bounds within which the scheduler sees a task's utilization when it looks for a core that it fits on (Linux `uclamp`, 0–1024).
///
/// Frequencies are not modelled, so a clamp decides where a task runs, not how fast its core is.
public record UtilClamp(int min, int max) {
    public static final UtilClamp NONE = new UtilClamp(0, 1024);

    public UtilClamp {
        if (min < 0 || min > max || max > 1024) {
            throw new IllegalArgumentException("utilization clamps must lie in 0..1024, the lower first, not " + min + " and " + max);
        }
    }

    int clamp(int utilization) {
        return Math.clamp(utilization, min, max);
    }
}
