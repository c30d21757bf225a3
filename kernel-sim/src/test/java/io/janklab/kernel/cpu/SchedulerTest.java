package io.janklab.kernel.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.janklab.kernel.SimulatedMachine;
import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.trace.TaskState;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SchedulerTest {
    private static final long MS = 1_000_000;

    @Test
    void undisturbedBurstsNeedNoEvents() {
        SimulatedMachine machine = SimulatedMachine.withCores(1);
        machine.spawn("alone", task -> {
            for (int i = 0; i < 1_000; i++) {
                task.compute(10);
            }
            machine.log(task, "done");
        });

        machine.run();

        assertThat(machine.log).containsExactly("alone done @10000");
        assertThat(machine.simulation.eventsFired()).isEqualTo(1);
    }

    @Test
    void slowerCoreTakesProportionallyLonger() {
        SimulatedMachine machine = new SimulatedMachine(CostModel.free(), 256);
        machine.spawn("t", task -> {
            task.compute(1_000);
            machine.log(task, "done");
        });

        machine.run();

        assertThat(machine.log).containsExactly("t done @4000");
    }

    @Test
    void chargedTimePassesOnlyAtTheNextSettle() {
        SimulatedMachine machine = SimulatedMachine.withCores(1);
        machine.spawn("t", task -> {
            task.charge(300);
            task.charge(200);
            machine.log(task, "charged");
            task.settle();
            machine.log(task, "settled");
        });

        machine.run();

        assertThat(machine.log).containsExactly("t charged @0", "t settled @500");
    }

    @Test
    void coresAreSharedByNiceWeight() {
        SimulatedMachine machine = SimulatedMachine.withCores(1);
        long[] ran = new long[2];
        machine.spawn("ui", TaskAttributes.normal(-10), task -> burnForever(task, ran, 0));
        machine.spawn("daemon", TaskAttributes.normal(4), task -> burnForever(task, ran, 1));

        machine.run(20_000 * MS);

        assertThat((double) ran[0] / ran[1]).isCloseTo(9548.0 / 423, within(1.0));
    }

    private static void burnForever(Task task, long[] ran, int index) {
        while (true) {
            task.compute(100_000);
            ran[index] += 100_000;
        }
    }

    @Test
    void wakingTaskTakesAnIdleCoreOfItsCpuSet() {
        SimulatedMachine machine = SimulatedMachine.withCores(4);
        AtomicLong cpu = new AtomicLong(-1);
        machine.spawn("hog", TaskAttributes.normal(0, CpuSet.parse("0")), task -> task.compute(MS));
        machine.spawn("t", TaskAttributes.normal(0, CpuSet.parse("0,3")), task -> cpu.set(task.cpu().id()));

        machine.run();

        assertThat(cpu).hasValue(3);
    }

    @Test
    void busyTaskMovesToALargerCoreAndALightOneToASmaller() {
        SimulatedMachine machine = new SimulatedMachine(CostModel.free(), 161, 499, 1024);
        AtomicLong busy = new AtomicLong();
        AtomicLong light = new AtomicLong();
        machine.spawn("busy", task -> {
            for (int i = 0; i < 50; i++) {
                task.compute(5 * MS);
                task.sleepUntil(task.now() + MS / 2);
            }
            busy.set(task.cpu().capacity());
        });
        machine.run();
        machine.spawn("light", task -> {
            for (int i = 0; i < 50; i++) {
                task.compute(MS / 100);
                task.sleepUntil(task.now() + 5 * MS);
            }
            light.set(task.cpu().capacity());
        });
        machine.run(2_000_000 * MS);

        assertThat(busy).hasValue(1024);
        assertThat(light).hasValue(161);
    }

    @Test
    void runningTaskThatOutgrowsItsCoreIsMovedToAnIdleLargerOne() {
        SimulatedMachine machine = new SimulatedMachine(CostModel.free(), 161, 1024);
        AtomicLong capacity = new AtomicLong();
        machine.spawn("growing", task -> {
            task.compute(100 * MS);
            capacity.set(task.cpu().capacity());
        });

        machine.run();

        assertThat(capacity).hasValue(1024);
    }

    @Test
    void realTimeTaskPreemptsAtOnceAndTheBurstItCutsKeepsWhatItHadLeft() {
        SimulatedMachine machine = SimulatedMachine.withCores(1);
        machine.spawn("rt", TaskAttributes.fifo(1, CpuSet.ALL), task -> {
            task.sleepUntil(1_000);
            machine.log(task, "woke");
            task.compute(500);
        });
        machine.spawn("normal", TaskAttributes.normal(-20), task -> {
            task.compute(2_000);
            machine.log(task, "done");
        });

        machine.run();

        assertThat(machine.log).containsExactly("rt woke @1000", "normal done @2500");
    }

    @Test
    void preemptionWaitsUntilItIsEnabledAgain() {
        SimulatedMachine machine = SimulatedMachine.withCores(1);
        machine.spawn("rt", TaskAttributes.fifo(1, CpuSet.ALL), task -> {
            task.sleepUntil(1_000);
            machine.log(task, "woke");
        });
        machine.spawn("holder", task -> {
            task.preemptDisable();
            task.compute(5_000);
            machine.log(task, "leaves");
            task.preemptEnable();
            machine.log(task, "back");
        });

        machine.run();

        assertThat(machine.log).containsExactly("holder leaves @5000", "rt woke @5000", "holder back @5000");
    }

    @Test
    void switchingCostsAndIdleExitAreFeltByWhoComesIn() {
        CostModel costs = CostModel.free().with(Cost.CONTEXT_SWITCH, 100).with(Cost.IDLE_EXIT, 1_000);
        SimulatedMachine machine = new SimulatedMachine(costs, 1024);
        machine.spawn("t", task -> machine.log(task, "runs"));

        machine.run();

        assertThat(machine.log).containsExactly("t runs @1100");
    }

    @Test
    void idleCorePullsAWaitingTask() {
        SimulatedMachine machine = SimulatedMachine.withCores(2);
        machine.spawn("short", task -> task.compute(1_000));
        machine.spawn("long", task -> task.compute(MS));
        machine.spawn("waiting", task -> {
            task.compute(500);
            machine.log(task, "done");
        });

        machine.run();

        assertThat(machine.log).containsExactly("waiting done @1500");
    }

    @Test
    void eligibleRunningTaskKeepsTheCoreUntilItsRequestIsServed() {
        // RUN_TO_PARITY: however light, a task on time with its request is not interrupted by a newcomer.
        SimulatedMachine machine = SimulatedMachine.withCores(1);
        machine.spawn("daemon", TaskAttributes.normal(4), task -> {
            task.compute(20 * MS);
            machine.log(task, "done");
        });
        machine.spawn("ui", TaskAttributes.normal(-10), task -> machine.log(task, "runs"));

        machine.run();

        assertThat(machine.log).first().asString().startsWith("ui runs");
        long ran = Long.parseLong(machine.log.get(0).split("@")[1]);
        assertThat(ran).isBetween(1L, 2 * Scheduler.TICK_NS);
    }

    @Test
    void sleepingWorksOffWhatATaskIsAhead() {
        // The urgent one runs while the other waits, so it is ahead when it goes to sleep; once the other has caught up it is even again.
        SimulatedMachine machine = SimulatedMachine.withCores(1);
        Task urgent = machine.spawn("urgent", TaskAttributes.normal(-10), task -> {
            task.compute(MS);
            task.sleepUntil(20 * MS);
        });
        machine.spawn("light", TaskAttributes.normal(10), task -> task.compute(100 * MS));

        machine.run(MS / 2 * 3);
        assertThat(urgent.fair.delayed).isTrue();
        machine.run(2 * Scheduler.TICK_NS);

        assertThat(urgent.state()).isEqualTo(TaskState.INTERRUPTIBLE);
        assertThat(urgent.fair.delayed).isFalse();
        assertThat(urgent.fair.lag).isZero();
    }

    @Test
    void taskThatSleepsAheadOfItsShareMustStillWaitForTheOthersWhenWokenSoon() {
        // At 4 ms the hog has had one millisecond to the sleeper's three, at 8 ms five.
        SimulatedMachine machine = SimulatedMachine.withCores(1);
        machine.spawn("sleeper", task -> {
            task.compute(3 * MS);
            task.sleepUntil(3 * MS + 20_000);
            machine.log(task, "is back");
        });
        machine.spawn("hog", task -> task.compute(100 * MS));

        machine.run();

        assertThat(machine.log).containsExactly("sleeper is back @8000000");
    }

    @Test
    void taskThatSleepsBehindItsShareTakesTheCoreBackAtOnceWhenWoken() {
        SimulatedMachine machine = SimulatedMachine.withCores(1);
        machine.spawn("hog", task -> task.compute(100 * MS));
        machine.spawn("sleeper", task -> {
            task.compute(MS);
            task.sleepUntil(5 * MS + 20_000);
            machine.log(task, "is back");
        });

        machine.run();

        assertThat(machine.log).containsExactly("sleeper is back @5020000");
    }

    @Test
    void idleCoreTakesAWaitingTaskAtTheNextTick() {
        SimulatedMachine machine = SimulatedMachine.withCores(2);
        machine.spawn("hog", TaskAttributes.normal(0, CpuSet.parse("0")), task -> task.compute(100 * MS));
        machine.spawn("other", TaskAttributes.normal(0, CpuSet.parse("1")), task -> task.compute(2 * MS));
        machine.spawn("waiting", TaskAttributes.normal(0, CpuSet.parse("0-1")), task -> {
            task.compute(MS);
            machine.log(task, "done");
        });

        machine.run();

        assertThat(machine.log).hasSize(1);
        assertThat(Long.parseLong(machine.log.getFirst().split("@")[1])).isLessThanOrEqualTo(Scheduler.TICK_NS + MS);
    }

    @Test
    void interruptDelaysTheBurstItHits() {
        CostModel costs = CostModel.free().with(Cost.INTERRUPT, 700);
        SimulatedMachine machine = new SimulatedMachine(costs, 1024, 1024);
        machine.spawn("victim", TaskAttributes.normal(0, CpuSet.parse("1")), task -> {
            task.compute(10_000);
            machine.log(task, "done");
        });
        machine.spawn("sender", TaskAttributes.normal(0, CpuSet.parse("0")), task -> {
            task.compute(1_000);
            int hit = Ipi.send(task, machine.scheduler, machine.costs, CpuSet.ALL, "test");
            machine.log(task, "hit " + hit);
        });

        machine.run();

        assertThat(machine.log).containsExactly("sender hit 1 @1700", "victim done @10700");
    }

    @Test
    void spinnerNoticesNothingWhileItsCoreHandlesAnInterrupt() {
        CostModel costs = CostModel.free().with(Cost.INTERRUPT, 700);
        SimulatedMachine machine = new SimulatedMachine(costs, 1024, 1024);
        machine.spawn("spinner", TaskAttributes.normal(0, CpuSet.parse("1")), task -> {
            task.preemptDisable();
            task.spin(1_300);
            machine.log(task, "gives up");
            task.preemptEnable();
        });
        machine.spawn("sender", TaskAttributes.normal(0, CpuSet.parse("0")), task -> {
            task.compute(1_000);
            Ipi.send(task, machine.scheduler, machine.costs, CpuSet.ALL, "test");
        });

        machine.run();

        assertThat(machine.log).containsExactly("spinner gives up @1700");
    }

    @Test
    void aCoreWithInterruptsDisabledAnswersAnIpiWhenItEnablesThem() {
        CostModel costs = CostModel.free().with(Cost.INTERRUPT, 700);
        SimulatedMachine machine = new SimulatedMachine(costs, 1024, 1024);
        machine.spawn("walker", TaskAttributes.normal(0, CpuSet.parse("1")), task -> {
            task.irqDisable();
            task.compute(10_000);
            task.irqEnable();
            machine.log(task, "answered");
        });
        machine.spawn("sender", TaskAttributes.normal(0, CpuSet.parse("0")), task -> {
            task.compute(1_000);
            Ipi.send(task, machine.scheduler, machine.costs, CpuSet.ALL, "test");
            machine.log(task, "goes on");
        });

        machine.run();

        assertThat(machine.log).containsExactlyInAnyOrder("walker answered @10700", "sender goes on @10700");
    }

    @Test
    void interruptsDisabledPutOffPreemption() {
        SimulatedMachine machine = SimulatedMachine.withCores(1);
        machine.spawn("walker", task -> {
            task.irqDisable();
            machine.spawn("urgent", TaskAttributes.fifo(50, CpuSet.ALL), urgent -> machine.log(urgent, "runs"));
            task.compute(10_000);
            machine.log(task, "enables");
            task.irqEnable();
        });

        machine.run();

        assertThat(machine.log.getFirst()).startsWith("walker enables");
    }

    @Test
    void failureNamesTaskTimeAndSeed() {
        SimulatedMachine machine = SimulatedMachine.withCores(1);
        machine.spawn("broken", task -> {
            task.compute(42);
            throw new IllegalArgumentException("no");
        });

        assertThatThrownBy(machine::run).isInstanceOf(TaskFailure.class).hasMessageContaining("broken")
                .hasMessageContaining("42 ns").hasMessageContaining("seed 1").hasMessageContaining("no");
    }

    @Test
    void sleepingWhileAtomicIsRefused() {
        SimulatedMachine machine = SimulatedMachine.withCores(1);
        machine.spawn("atomic", task -> {
            task.preemptDisable();
            task.sleepUntil(10);
        });

        assertThatThrownBy(machine::run).hasMessageContaining("sleeping while atomic");
    }

    /// uclamp.max, as Android sets it for background groups.
    @Test
    void clampedTaskStaysOnTheSmallestCoreThatFitsItsClamp() {
        assertThat(coreAfterAWhile(UtilClamp.NONE)).isEqualTo(1024);
        assertThat(coreAfterAWhile(new UtilClamp(0, 512))).isEqualTo(700);
    }

    private static int coreAfterAWhile(UtilClamp clamp) {
        SimulatedMachine machine = new SimulatedMachine(CostModel.free(), 200, 700, 1024);
        Task[] task = new Task[1];
        task[0] = machine.spawn("t", TaskAttributes.normal(0).with(clamp), busy -> busy.compute(1_000 * MS));
        machine.run(500 * MS);
        return task[0].cpu().capacity();
    }
}
