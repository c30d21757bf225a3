package io.janklab.kernel.cpu;

import io.janklab.kernel.config.Interruptions;
import io.janklab.sim.Event;
import io.janklab.sim.RandomStream;
import io.janklab.sim.Simulation;
import org.jspecify.annotations.Nullable;

/// Interrupts one core now and then while it is busy, as [Interruptions] say.
final class InterruptionSource {
    private static final double SECOND_NS = 1e9;

    private final Interruptions interruptions;
    private final RandomStream random;
    private final Simulation simulation;
    private final Event next;

    private InterruptionSource(InterruptedCore core, Simulation simulation, Interruptions interruptions) {
        this.interruptions = interruptions;
        this.simulation = simulation;
        this.random = simulation.random("interruptions/cpu" + core.id());
        this.next = new Event(simulation) {
            @Override
            protected void fire() {
                if (!core.isIdle()) {
                    core.interruptFor(interruptions.lasting().draw(random));
                    coreIsBusy();
                }
            }
        };
    }

    /// Null if there are none.
    static @Nullable InterruptionSource of(InterruptedCore core, Simulation simulation, Interruptions interruptions) {
        return interruptions.perSecond() == 0 ? null : new InterruptionSource(core, simulation, interruptions);
    }

    /// Schedules the next one.
    void coreIsBusy() {
        if (!next.isScheduled()) {
            next.schedule(simulation.now() + (long) random.exponential(SECOND_NS / interruptions.perSecond()));
        }
    }
}
