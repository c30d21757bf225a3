package io.janklab.kernel.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.SimulatedMachine;
import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.config.Interruptions;
import io.janklab.kernel.config.Spread;
import io.janklab.kernel.trace.TaskState;
import org.junit.jupiter.api.Test;

/// What it takes to wake a task on an idle core, and what interrupts a busy one.
class IdleTest {
    private static final CostModel COSTS = CostModel.free()
            .with(Cost.IDLE_ENTRY, 6_000)
            .with(Cost.IDLE_TURN, 10_000)
            .with(Cost.IDLE_EXIT, 20_000)
            .with(Cost.WAKE_IDLE, 5_000);

    /// A task sleeps from 0 on; another wakes it.
    private static SimulatedMachine wakeAt(long time) {
        SimulatedMachine machine = new SimulatedMachine(COSTS, 1024, 1024);
        Task sleeper = machine.spawn("sleeper", TaskAttributes.normal(0, new CpuSet(0b01)), task -> {
            task.block(TaskState.UNINTERRUPTIBLE);
            machine.log(task, "runs");
        });
        machine.spawn("waker", TaskAttributes.normal(0, new CpuSet(0b10)), task -> {
            // Both cores were idle before.
            task.compute(time);
            sleeper.wake(task);
            task.settle();
            machine.log(task, "goes on");
        });
        machine.run();
        return machine;
    }

    /// Both start at 20 µs, when their cores have left the idle loop.
    @Test
    void haltedCoreIsInterruptedAndTakesItsTime() {
        assertThat(wakeAt(50_000).log).containsExactly("waker goes on @75000", "sleeper runs @90000");
    }

    @Test
    void coreOnItsWayToHaltingTurnsRoundWithoutAnInterrupt() {
        assertThat(wakeAt(4_000).log).containsExactly("waker goes on @24000", "sleeper runs @30000");
    }

    /// It would have halted after 6 µs: at 26 µs.
    @Test
    void interruptDelaysACoreOnItsWayToHalting() {
        SimulatedMachine machine = new SimulatedMachine(COSTS.with(Cost.INTERRUPT, 3_000), 1024, 1024);
        Task sleeper = machine.spawn("sleeper", TaskAttributes.normal(0, new CpuSet(0b01)), task -> {
            task.block(TaskState.UNINTERRUPTIBLE);
            machine.log(task, "runs");
        });
        machine.spawn("waker", TaskAttributes.normal(0, new CpuSet(0b10)), task -> {
            task.compute(4_000);
            Ipi.send(task, machine.scheduler, machine.costs, CpuSet.ALL, "test");
            sleeper.wake(task);
            task.settle();
            machine.log(task, "goes on");
        });

        machine.run();

        assertThat(machine.log).containsExactly("waker goes on @27000", "sleeper runs @33000");
    }

    @Test
    void interruptionsTakeTimeFromABusyCore() {
        Spread tenMicroseconds = new Spread(10_000, 10_000, 10_000, 10_000, 10_000, 10_000);
        SimulatedMachine machine = new SimulatedMachine(CostModel.free().with(new Interruptions(1_000, tenMicroseconds)), 1024);
        long[] took = new long[1];
        machine.spawn("busy", task -> {
            task.compute(1_000_000_000);
            took[0] = task.now();
        });
        machine.run();

        assertThat(took[0] - 1_000_000_000).as("about a thousand of them").isBetween(9_000_000L, 11_500_000L);
    }
}
