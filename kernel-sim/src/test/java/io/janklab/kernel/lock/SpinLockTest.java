package io.janklab.kernel.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.janklab.kernel.SimulatedMachine;
import io.janklab.kernel.cpu.CpuSet;
import io.janklab.kernel.cpu.TaskAttributes;
import io.janklab.kernel.trace.LockClass;
import org.junit.jupiter.api.Test;

class SpinLockTest {
    private final SimulatedMachine machine = SimulatedMachine.withCores(4);
    private final SpinLock lock = new SpinLock(machine.locking, LockClass.PAGE_TABLE);

    @Test
    void waitersSpinAndAreServedInOrder() {
        for (int i = 0; i < 3; i++) {
            int start = i;
            machine.spawn("t" + i, task -> {
                task.sleepUntil(start);
                lock.lock(task);
                machine.log(task, "holds");
                task.compute(100);
                lock.unlock(task);
            });
        }

        machine.run();

        assertThat(machine.log).containsExactly("t0 holds @0", "t1 holds @100", "t2 holds @200");
    }

    @Test
    void holderIsNotPreempted() {
        machine.spawn("holder", TaskAttributes.normal(19, CpuSet.parse("0")), task -> {
            lock.lock(task);
            task.compute(10_000);
            lock.unlock(task);
            machine.log(task, "unlocked");
        });
        machine.spawn("rt", TaskAttributes.fifo(9, CpuSet.parse("0")), task -> {
            task.sleepUntil(100);
            machine.log(task, "runs");
        });

        machine.run();

        assertThat(machine.log).containsExactly("rt runs @10000", "holder unlocked @10000");
    }

    @Test
    void lockIsOnTheCoreOfItsHolder() {
        machine.spawn("holder", TaskAttributes.normal(0, CpuSet.parse("2")), task -> {
            lock.lock(task);
            assertThat(lock.lastCpu()).isEqualTo(2);
            lock.unlock(task);
        });

        machine.run();
    }

    @Test
    void sleepingUnderItIsReported() {
        machine.spawn("t", task -> {
            lock.lock(task);
            task.sleepUntil(100);
        });

        assertThatThrownBy(machine::run).hasMessageContaining("sleeping while atomic").hasMessageContaining("ptl");
    }

    @Test
    void unlockingWhatOneDoesNotHoldIsReported() {
        machine.spawn("t", lock::unlock);

        assertThatThrownBy(machine::run).hasMessageContaining("does not hold it");
    }

    @Test
    void whatATaskOwesIsPaidBeforeItTakesTheLock() {
        machine.spawn("owes", task -> {
            task.charge(100);
            lock.lock(task);
            machine.log(task, "holds");
            lock.unlock(task);
        });
        machine.spawn("later", task -> {
            task.sleepUntil(50);
            lock.lock(task);
            machine.log(task, "holds");
            lock.unlock(task);
        });

        machine.run();

        assertThat(machine.log).containsExactly("later holds @50", "owes holds @100");
    }

    @Test
    void trylockNeverSpinsAndLeavesPreemptionAsItWas() {
        machine.spawn("holder", TaskAttributes.normal(0, CpuSet.parse("0")), task -> {
            assertThat(lock.isLocked()).isFalse();
            assertThat(lock.trylock(task)).isTrue();
            assertThat(lock.isLocked()).isTrue();
            task.compute(1_000);
            assertThat(lock.isContended()).isTrue();
            lock.unlock(task);
        });
        machine.spawn("rt", TaskAttributes.fifo(9, CpuSet.parse("0")), task -> {
            task.sleepUntil(100);
            machine.log(task, "runs");
        });
        machine.spawn("try", TaskAttributes.normal(0, CpuSet.parse("1")), task -> {
            task.sleepUntil(200);
            machine.log(task, "got " + lock.trylock(task));
            assertThat(lock.isContended()).isFalse();
            lock.lock(task);
            machine.log(task, "holds");
            lock.unlock(task);
        });

        machine.run();

        assertThat(machine.log).containsExactlyInAnyOrder("try got false @200", "rt runs @1000", "try holds @1000");
    }
}
