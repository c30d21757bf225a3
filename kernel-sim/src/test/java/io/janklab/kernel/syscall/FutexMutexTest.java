package io.janklab.kernel.syscall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.janklab.kernel.check.KernelFixture;
import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.trace.LockClass;
import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.TraceListener;
import io.janklab.kernel.trace.TracedLock;
import io.janklab.kernel.trace.TracedTask;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class FutexMutexTest {
    @RegisterExtension
    final KernelFixture kernel = new KernelFixture();

    private final Machine machine = kernel.boot(KernelVersion.V6_17);
    private final PthreadMutex mutex = machine.syscalls.newMutex("arena 0");
    private final List<String> order = new ArrayList<>();

    @Test
    void uncontendedLockTakesNoSystemCall() {
        machine.run(task -> {
            long before = task.now();
            mutex.lock(task);
            mutex.unlock(task);
            assertThat(task.now() - before).isLessThan(100);
        });
    }

    @Test
    void tryLockNeverWaits() {
        machine.spawnOn(0, "holder", 0, task -> {
            mutex.lock(task);
            task.compute(100_000);
            mutex.unlock(task);
        });
        machine.spawnOn(1, "trier", 0, task -> {
            task.compute(50_000);
            assertThat(mutex.tryLock(task)).isFalse();
            task.compute(100_000);
            assertThat(mutex.tryLock(task)).isTrue();
            mutex.unlock(task);
        });
        machine.run();
    }

    @Test
    void waitersSleepAndAreWokenInTheOrderTheyCame() {
        machine.spawnOn(0, "holder", 0, task -> {
            mutex.lock(task);
            task.compute(1_000_000);
            mutex.unlock(task);
        });
        for (int i = 1; i <= 3; i++) {
            int nice = 3 - 5 * i;
            int arrival = i;
            machine.spawnOn(i, "waiter" + i, nice, task -> {
                task.compute(100_000L * arrival);
                mutex.lock(task);
                order.add(task.name());
                task.compute(200_000);
                mutex.unlock(task);
            });
        }
        machine.run();
        assertThat(order).as("first come first woken, whatever the priority").containsExactly("waiter1", "waiter2", "waiter3");
    }

    @Test
    void runningTaskMayTakeTheMutexBeforeTheWokenWaiterGetsThere() {
        machine.spawnOn(0, "holder", 0, task -> {
            mutex.lock(task);
            task.compute(1_000_000);
            mutex.unlock(task);
            mutex.lock(task);
            order.add("holder again");
            mutex.unlock(task);
        });
        machine.spawnOn(1, "waiter", 0, task -> {
            task.compute(100_000);
            mutex.lock(task);
            order.add("waiter");
            mutex.unlock(task);
        });
        machine.run();
        assertThat(order).containsExactly("holder again", "waiter");
    }

    @Test
    void waitIsTracedFromTheFirstFailedAttempt() {
        List<Long> waits = new ArrayList<>();
        machine.attach(new TraceListener() {
            @Override
            public void lockAcquired(long now, TracedLock lock, TracedTask task, LockMode mode, long waitedNs) {
                if (lock.lockClass() == LockClass.FUTEX) {
                    assertThat(lock.name()).isEqualTo("arena 0");
                    waits.add(waitedNs);
                }
            }
        });
        machine.spawnOn(0, "holder", 0, task -> {
            mutex.lock(task);
            task.compute(1_000_000);
            mutex.unlock(task);
        });
        machine.spawnOn(1, "waiter", 0, task -> {
            task.compute(100_000);
            mutex.lock(task);
            mutex.unlock(task);
        });
        machine.run();
        assertThat(waits).hasSize(2);
        assertThat(waits.get(0)).isZero();
        assertThat(waits.get(1)).isBetween(890_000L, 920_000L);
    }

    @Test
    void misuseIsLoud() {
        machine.run(task -> {
            assertThatThrownBy(() -> mutex.unlock(task)).isInstanceOf(IllegalStateException.class).hasMessageContaining("nobody");
            mutex.lock(task);
            assertThatThrownBy(() -> mutex.lock(task)).isInstanceOf(IllegalStateException.class).hasMessageContaining("twice");
            mutex.unlock(task);
        });
    }
}
