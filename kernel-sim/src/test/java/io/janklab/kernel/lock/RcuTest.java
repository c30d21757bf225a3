package io.janklab.kernel.lock;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.SimulatedMachine;
import io.janklab.kernel.cpu.CpuSet;
import io.janklab.kernel.cpu.TaskAttributes;
import io.janklab.kernel.interleave.Interleaving;
import org.junit.jupiter.api.Test;

class RcuTest {
    private static final long MS = 1_000_000;

    private final SimulatedMachine machine = SimulatedMachine.withCores(4);
    private final Rcu rcu = new Rcu(machine.simulation, Interleaving.NONE);

    private void freed(String what) {
        machine.log.add(what + " freed @" + machine.simulation.now());
    }

    @Test
    void gracePeriodWaitsForReadersThatWereInside() {
        machine.spawn("reader", task -> {
            int ticket = rcu.readLock(task);
            task.sleepUntil(30 * MS);
            rcu.readUnlock(task, ticket);
        });
        machine.spawn("freer", task -> {
            task.sleepUntil(MS);
            rcu.call(() -> freed("table"));
        });

        machine.run();

        assertThat(machine.log).containsExactly("table freed @30000000");
    }

    @Test
    void readersThatCameLaterDoNotHoldItUp() {
        machine.spawn("freer", task -> rcu.call(() -> freed("table")));
        machine.spawn("late", task -> {
            task.sleepUntil(MS);
            int ticket = rcu.readLock(task);
            task.sleepUntil(100 * MS);
            rcu.readUnlock(task, ticket);
        });

        machine.run();

        assertThat(machine.log).containsExactly("table freed @" + Rcu.GRACE_PERIOD_NS);
    }

    @Test
    void callbacksOfThisAndOfTheNextGracePeriodArePending() {
        machine.spawn("freer", task -> {
            assertThat(rcu.pending()).isZero();
            rcu.call(() -> assertThat(rcu.pending()).as("itself has left").isEqualTo(1));
            task.sleepUntil(MS);
            rcu.call(() -> freed("second"));
            assertThat(rcu.pending()).isEqualTo(2);
        });

        machine.run();

        assertThat(machine.log).hasSize(1);
        assertThat(rcu.pending()).isZero();
    }

    @Test
    void callbacksThatComeDuringAGracePeriodWaitForTheNext() {
        machine.spawn("freer", task -> {
            rcu.call(() -> freed("first"));
            task.sleepUntil(MS);
            rcu.call(() -> freed("second"));
        });

        machine.run();

        assertThat(machine.log).containsExactly("first freed @" + Rcu.GRACE_PERIOD_NS, "second freed @" + 2 * Rcu.GRACE_PERIOD_NS);
        assertThat(rcu.pending()).isZero();
    }

    /// As page-table walks under `local_irq_disable` are, since 4.20.
    @Test
    void disabledInterruptsHoldAGracePeriodUp() {
        machine.spawn("walker", TaskAttributes.normal(0, CpuSet.parse("0")), task -> {
            for (int time = 0; time < 2; time++) {
                int ticket = rcu.irqDisable(task);
                task.compute(30 * MS);
                rcu.irqEnable(task, ticket);
            }
        });
        machine.spawn("freer", TaskAttributes.normal(0, CpuSet.parse("1")), task -> {
            task.sleepUntil(MS);
            rcu.call(() -> freed("table"));
            task.sleepUntil(31 * MS);
            rcu.call(() -> freed("another"));
        });
        machine.spawn("rt", TaskAttributes.fifo(1, CpuSet.parse("0")), task -> {
            task.sleepUntil(10 * MS);
            machine.log(task, "runs");
        });

        machine.run();

        assertThat(machine.log).containsExactly("table freed @30000000", "rt runs @30000000", "another freed @60000000");
    }

    @Test
    void briefSectionHoldsUpOnlyTheGracePeriodThatItBeganIn() {
        int[] tickets = new int[1];
        machine.spawn("first", task -> {
            tickets[0] = rcu.readLockBriefly();
            rcu.call(() -> freed("one"));
            rcu.readLockBriefly();
            task.sleepUntil(50 * MS);
            rcu.readUnlockBriefly(tickets[0]);
        });

        machine.run();

        assertThat(machine.log).containsExactly("one freed @50000000");
    }

    @Test
    void whatAReaderOwesIsPaidInsideItsSection() {
        machine.spawn("reader", task -> {
            int ticket = rcu.readLock(task);
            task.charge(30 * MS);
            rcu.readUnlock(task, ticket);
        });
        machine.spawn("freer", task -> rcu.call(() -> freed("table")));

        machine.run();

        assertThat(machine.log).containsExactly("table freed @30000000");
    }
}
