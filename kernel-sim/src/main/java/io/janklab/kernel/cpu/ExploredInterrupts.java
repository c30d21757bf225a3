package io.janklab.kernel.cpu;

import io.janklab.kernel.interleave.Interleaving;
import io.janklab.kernel.interleave.Shared;
import io.janklab.sim.Event;
import io.janklab.sim.Simulation;
import java.util.ArrayDeque;

/// The interrupts of a core while interleavings are explored: IPIs arrive when the explorer lets them, and a tick may ask the current task
/// to yield although no other task wants its core.
final class ExploredInterrupts {
    private static final int MOST_PREEMPTIONS = 1;

    private final InterruptedCore core;
    private final Simulation simulation;
    private final Interleaving interleaving;
    private final ArrayDeque<PendingInterrupt> underWay = new ArrayDeque<>(2);
    private final Event delivery;
    private final Event tick;
    private int preemptions;

    ExploredInterrupts(InterruptedCore core, Simulation simulation, Interleaving interleaving) {
        this.core = core;
        this.simulation = simulation;
        this.interleaving = interleaving;
        this.delivery = new Event(simulation) {
            @Override
            protected void fire() {
                deliver();
            }

            @Override
            public String toString() {
                return "ipi" + core.id();
            }
        };
        this.tick = new Event(simulation) {
            @Override
            protected void fire() {
                Interleaving.write(interleaving, Shared.INTERRUPT, core.id(), core);
                preemptions++;
                core.tick();
            }

            @Override
            public String toString() {
                return "tick" + core.id();
            }
        };
    }

    void send(PendingInterrupt interrupt) {
        Interleaving.note(interleaving, Shared.INTERRUPT, core.id(), true);
        underWay.addLast(interrupt);
        delivery.schedule(simulation.now());
    }

    private void deliver() {
        Interleaving.write(interleaving, Shared.INTERRUPT, core.id(), core);
        PendingInterrupt interrupt = underWay.removeFirst();
        if (core.irqsDisabled()) {
            core.hold(interrupt);
        } else {
            interrupt.answered();
        }
        if (!underWay.isEmpty()) {
            delivery.schedule(simulation.now());
        }
    }

    /// The current task checks whether it must yield; a tick may come just before.
    void offerPreemption() {
        if (preemptions == MOST_PREEMPTIONS) {
            return;
        }
        tick.schedule(simulation.now());
        Interleaving.read(interleaving, Shared.INTERRUPT, core.id(), core);
        tick.cancel();
    }
}
