package io.janklab.kernel.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.janklab.kernel.SimulatedMachine;
import org.junit.jupiter.api.Test;

/// A task's cores change while it runs, waits, sleeps or may not be preempted.
class AffinityTest {
    private static final long MS = 1_000_000;
    private static final CpuSet FIRST = CpuSet.parse("0");
    private static final CpuSet SECOND = CpuSet.parse("1");

    private final SimulatedMachine machine = SimulatedMachine.withCores(2);

    private void afterAMillisecond(Runnable change) {
        machine.spawn("mover", TaskAttributes.fifo(1, SECOND), task -> {
            task.sleepUntil(MS);
            change.run();
        });
    }

    private Task worker() {
        return machine.spawn("worker", TaskAttributes.normal(0, FIRST), task -> {
            task.compute(3 * MS);
            machine.log(task, "done on cpu" + task.cpu().id());
        });
    }

    @Test
    void runningTaskGoesOnElsewhereWithWhatIsLeftOfItsBurst() {
        Task worker = worker();
        afterAMillisecond(() -> worker.setAffinity(SECOND));

        machine.run();

        assertThat(machine.log).containsExactly("worker done on cpu1 @" + 3 * MS);
    }

    @Test
    void waitingTaskQueuesElsewhere() {
        machine.spawn("hog", TaskAttributes.fifo(1, FIRST), task -> task.compute(10 * MS));
        Task worker = worker();
        afterAMillisecond(() -> worker.setAffinity(SECOND));

        machine.run();

        assertThat(machine.log).containsExactly("worker done on cpu1 @" + 4 * MS);
    }

    @Test
    void sleepingTaskWakesElsewhere() {
        Task sleeper = machine.spawn("sleeper", TaskAttributes.normal(0, FIRST), task -> {
            task.sleepUntil(5 * MS);
            machine.log(task, "woke on cpu" + task.cpu().id());
        });
        afterAMillisecond(() -> sleeper.setAffinity(SECOND));

        machine.run();

        assertThat(machine.log).containsExactly("sleeper woke on cpu1 @" + 5 * MS);
    }

    @Test
    void taskThatMayNotBePreemptedLeavesWhenItMay() {
        Task holder = machine.spawn("holder", TaskAttributes.normal(0, FIRST), task -> {
            task.preemptDisable();
            task.compute(2 * MS);
            machine.log(task, "still on cpu" + task.cpu().id());
            task.preemptEnable();
            task.compute(MS);
            machine.log(task, "done on cpu" + task.cpu().id());
        });
        afterAMillisecond(() -> holder.setAffinity(SECOND));

        machine.run();

        assertThat(machine.log).containsExactly("holder still on cpu0 @" + 2 * MS, "holder done on cpu1 @" + 3 * MS);
    }

    @Test
    void taskMayMoveItself() {
        machine.spawn("t", TaskAttributes.normal(0, FIRST), task -> {
            task.setAffinity(SECOND);
            task.compute(MS);
            machine.log(task, "done on cpu" + task.cpu().id());
        });

        machine.run();

        assertThat(machine.log).containsExactly("t done on cpu1 @" + MS);
    }

    @Test
    void taskOnACoreItMayStillUseStays() {
        Task worker = worker();
        afterAMillisecond(() -> worker.setAffinity(CpuSet.ALL));

        machine.run();

        assertThat(machine.log).containsExactly("worker done on cpu0 @" + 3 * MS);
    }

    @Test
    void someCoreMustBeLeft() {
        Task worker = worker();

        assertThatThrownBy(() -> worker.setAffinity(CpuSet.parse("7"))).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("none of the machine's 2 cpus");
    }
}
