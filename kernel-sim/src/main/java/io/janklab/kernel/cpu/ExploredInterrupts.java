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

    private final Cpu cpu;
    private final Interleaving interleaving;
    private final ArrayDeque<Ipi> underWay = new ArrayDeque<>(2);
    private final Event delivery;
    private final Event tick;
    private int preemptions;

    ExploredInterrupts(Cpu cpu, Simulation simulation) {
        this.cpu = cpu;
        this.interleaving = cpu.scheduler().interleaving();
        this.delivery = new Event(simulation) {
            @Override
            protected void fire() {
                deliver();
            }

            @Override
            public String toString() {
                return "ipi" + cpu.id();
            }
        };
        this.tick = new Event(simulation) {
            @Override
            protected void fire() {
                interleaving.write(Shared.INTERRUPT, cpu.id(), cpu);
                preemptions++;
                cpu.needResched = true;
            }

            @Override
            public String toString() {
                return "tick" + cpu.id();
            }
        };
    }

    void send(Ipi ipi) {
        interleaving.note(Shared.INTERRUPT, cpu.id(), true);
        underWay.addLast(ipi);
        delivery.schedule(simulation().now());
    }

    private void deliver() {
        interleaving.write(Shared.INTERRUPT, cpu.id(), cpu);
        Ipi ipi = underWay.pollFirst();
        if (cpu.irqsDisabled()) {
            cpu.hold(ipi);
        } else {
            ipi.answered();
        }
        if (!underWay.isEmpty()) {
            delivery.schedule(simulation().now());
        }
    }

    /// The current task checks whether it must yield; a tick may come just before.
    void offerPreemption() {
        if (preemptions == MOST_PREEMPTIONS) {
            return;
        }
        tick.schedule(simulation().now());
        interleaving.read(Shared.INTERRUPT, cpu.id(), cpu);
        tick.cancel();
    }

    private Simulation simulation() {
        return cpu.scheduler().simulation();
    }
}
