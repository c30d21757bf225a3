package io.janklab.kernel.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.SimulatedMachine;
import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.config.Interruptions;
import io.janklab.kernel.config.Spread;
import io.janklab.kernel.trace.TaskState;
import org.junit.jupiter.api.Test;

/// The cost of waking a task on an idle core, and of interrupting a busy one.
class IdleTest {
    private static final CostModel COSTS = CostModel.free()
            .with(Cost.IDLE_ENTRY, 6_000)
            .with(Cost.IDLE_TURN, 10_000)
            .with(Cost.IDLE_EXIT, 20_000)
            .with(Cost.WAKE_IDLE, 5_000);

    private static Task sleeper(SimulatedMachine machine) {
        return machine.spawn("sleeper", TaskAttributes.normal(0, new CpuSet(0b01)), task -> {
            task.block(TaskState.UNINTERRUPTIBLE);
            machine.log(task, "runs");
        });
    }

    /// A task sleeps from 0 on; another wakes it.
    private static SimulatedMachine wakeAt(long time) {
        SimulatedMachine machine = new SimulatedMachine(COSTS, 1024, 1024);
        Task sleeper = sleeper(machine);
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

    @Test
    void coreThatHasNotReachedTheIdleTaskIsInterrupted() {
        SimulatedMachine machine = new SimulatedMachine(COSTS.with(Cost.CONTEXT_SWITCH, 1_000), 1024, 1024);
        Task sleeper = sleeper(machine);
        machine.spawn("waker", TaskAttributes.normal(0, new CpuSet(0b10)), task -> {
            task.compute(500);
            sleeper.wake(task);
            task.settle();
            machine.log(task, "goes on");
        });

        machine.run();

        // Both have started at 21 µs.
        assertThat(machine.log).containsExactly("waker goes on @26500", "sleeper runs @32000");
    }

    /// The sleeper's core goes idle at 20 µs and would halt at 26.
    @Test
    void interruptOnTheWayToHaltingIsHandledThereAndTheCoreSetsOutAnew() {
        SimulatedMachine machine = new SimulatedMachine(COSTS.with(Cost.INTERRUPT, 3_000), 1024, 1024);
        Task sleeper = sleeper(machine);
        machine.spawn("waker", TaskAttributes.normal(0, new CpuSet(0b10)), task -> {
            task.compute(4_000);
            Ipi.send(task, machine.scheduler, machine.costs, CpuSet.ALL, "test");
            machine.log(task, "has its answer");
            sleeper.wake(task);
            task.settle();
            machine.log(task, "goes on");
        });

        machine.run();

        assertThat(machine.log).containsExactly("waker has its answer @29000", "waker goes on @29000", "sleeper runs @33000");
    }

    @Test
    void interruptUnderWayToACoreThatGoesIdleMeanwhileIsAnsweredWhereItWouldHalt() {
        CostModel costs = COSTS.with(Cost.INTERRUPT, 3_000).with(Cost.IPI_DELIVERY, 2_000);
        SimulatedMachine machine = new SimulatedMachine(costs, 1024, 1024);
        machine.spawn("sleeper", TaskAttributes.normal(0, new CpuSet(0b01)), task -> {
            task.compute(1_000);
            task.block(TaskState.UNINTERRUPTIBLE);
        });
        machine.spawn("sender", TaskAttributes.normal(0, new CpuSet(0b10)), task -> {
            Ipi.send(task, machine.scheduler, machine.costs, CpuSet.ALL, "test");
            machine.log(task, "has its answer");
        });

        machine.run(1_000_000);

        assertThat(machine.log).containsExactly("sender has its answer @30000");
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
