package io.janklab.kernel.config;

/// Interruptions of a busy core from outside the simulation: device interrupts, timer ticks, a hypervisor.
///
/// @param perSecond how often on each busy core, at random; 0 for never
/// @param lasting ns each
public record Interruptions(double perSecond, Spread lasting) {
    private static final double MOST_PER_SECOND = 100_000;

    public static final Interruptions NONE = new Interruptions(0, new Spread(0, 0, 0, 0, 0, 0));

    public Interruptions {
        if (!(perSecond >= 0 && perSecond <= MOST_PER_SECOND)) {
            throw new IllegalArgumentException("a core is interrupted 0 to " + (long) MOST_PER_SECOND + " times a second, not "
                    + perSecond);
        }
    }
}
