package io.janklab.kernel.lock;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.interleave.Interleaving;
import io.janklab.kernel.interleave.Shared;
import io.janklab.sim.Event;
import io.janklab.sim.Simulation;
import java.util.ArrayDeque;

/// Read-copy-update: what is freed through it outlives every reader that might still see it (Linux `kernel/rcu/`, preemptible).
///
/// A grace period lasts until all readers that were inside when it began have left, and at least [#GRACE_PERIOD_NS].
public final class Rcu {
    /// Two jiffies at HZ = 250: the time a quiet system's grace period takes.
    public static final long GRACE_PERIOD_NS = 8_000_000;

    private final Event graceTimer;
    private final Simulation simulation;
    private final Interleaving interleaving;
    /// Readers inside, by the parity of the grace period in which they entered.
    private final int[] readers = new int[2];
    private int period;
    private boolean inGracePeriod;
    private boolean timeElapsed;
    /// Callbacks of the grace period under way, and those that came too late for it.
    private ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private ArrayDeque<Runnable> next = new ArrayDeque<>();

    public Rcu(Simulation simulation, Interleaving interleaving) {
        this.simulation = simulation;
        this.interleaving = interleaving;
        this.graceTimer = new Event(simulation) {
            @Override
            protected void fire() {
                Interleaving.write(interleaving, Shared.RCU, 0, Rcu.this);
                timeElapsed = true;
                endIfPossible();
            }

            @Override
            public String toString() {
                return "rcu";
            }
        };
    }

    /// `rcu_read_lock`. Returns a ticket for [#readUnlock].
    public int readLock(Task task) {
        task.settle();
        Interleaving.read(interleaving, Shared.RCU, 0, this);
        int ticket = period & 1;
        readers[ticket]++;
        return ticket;
    }

    /// `rcu_read_unlock`.
    public void readUnlock(Task task, int ticket) {
        task.settle();
        Interleaving.read(interleaving, Shared.RCU, 0, this);
        readers[ticket]--;
        endIfPossible();
    }

    /// A read section in which the caller cannot be preempted, being very short. Returns a ticket for [#readUnlockBriefly].
    public int readLockBriefly() {
        Interleaving.read(interleaving, Shared.RCU, 0, this);
        int ticket = period & 1;
        readers[ticket]++;
        return ticket;
    }

    public void readUnlockBriefly(int ticket) {
        Interleaving.read(interleaving, Shared.RCU, 0, this);
        readers[ticket]--;
        endIfPossible();
    }

    /// Disables interrupts: a read section like any other, since 4.20. Returns a ticket for [#irqEnable].
    public int irqDisable(Task task) {
        task.irqDisable();
        return readLockBriefly();
    }

    public void irqEnable(Task task, int ticket) {
        readUnlockBriefly(ticket);
        task.irqEnable();
    }

    /// `call_rcu`: runs `callback` (which must not sleep) after a grace period.
    public void call(Runnable callback) {
        Interleaving.write(interleaving, Shared.RCU, 0, this);
        next.addLast(callback);
        if (!inGracePeriod) {
            begin();
        }
    }

    private void begin() {
        inGracePeriod = true;
        timeElapsed = false;
        ArrayDeque<Runnable> empty = waiting;
        waiting = next;
        next = empty;
        period++;
        graceTimer.schedule(simulation.now() + GRACE_PERIOD_NS);
    }

    private void endIfPossible() {
        if (inGracePeriod && timeElapsed && readers[(period + 1) & 1] == 0) {
            end();
        }
    }

    private void end() {
        Interleaving.note(interleaving, Shared.RCU, 0, true);
        Interleaving.beginAtomic(interleaving, Shared.RCU, 0, this);
        inGracePeriod = false;
        while (!waiting.isEmpty()) {
            waiting.pollFirst().run();
        }
        if (!next.isEmpty()) {
            begin();
        }
        Interleaving.endAtomic(interleaving);
    }

    /// Callbacks that have not run yet.
    public int pending() {
        return waiting.size() + next.size();
    }

    @Override
    public String toString() {
        return inGracePeriod ? "grace period under way" : "no grace period";
    }
}
