package io.janklab.kernel.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.janklab.kernel.SimulatedMachine;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.trace.TaskState;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Reference §4.4: one bit, FIFO wake-up, barging, hand-off after five lost rounds.
class FolioLockTest {
    private static final int FOLIO = 7;

    private final SimulatedMachine machine = SimulatedMachine.withCores(4);
    private final Set<Integer> locked = new HashSet<>();
    private final FolioLocks locks = new FolioLocks(machine.locking, new FolioLocks.Bits() {
        @Override
        public boolean testAndSetLocked(int frame) {
            return !locked.add(frame);
        }

        @Override
        public void clearLocked(int frame) {
            locked.remove(frame);
        }

        @Override
        public boolean isLocked(int frame) {
            return locked.contains(frame);
        }
    });

    private void holdFor(Task task, long ns) {
        locks.lock(task, FOLIO);
        machine.log(task, "holds");
        task.sleepUntil(task.now() + ns);
        locks.unlock(task, FOLIO);
    }

    @Test
    void waitersAreWokenFirstComeFirstServed() {
        for (int i = 0; i < 3; i++) {
            int start = i;
            machine.spawn("t" + i, task -> {
                task.sleepUntil(start);
                holdFor(task, 100);
            });
        }

        machine.run();

        assertThat(machine.log).containsExactly("t0 holds @0", "t1 holds @100", "t2 holds @200");
        assertThat(locks.inUse()).isZero();
    }

    @Test
    void lockedFolioIsNotLockedForIo() {
        locks.lockForIo(FOLIO);

        assertThat(locks.isUnderIo(FOLIO)).isTrue();
        assertThatThrownBy(() -> locks.lockForIo(FOLIO)).hasMessageContaining("I/O into frame 7, which is locked");
    }

    @Test
    void killedWaiterGivesUpAndAFreeLockIsItsAllTheSame() {
        machine.spawn("holder", task -> holdFor(task, 100));
        Task killed = machine.spawn("killed", task -> {
            task.sleepUntil(10);
            machine.log(task, "got " + locks.lockKillable(task, FOLIO));
            machine.log(task, "got " + locks.lockKillable(task, FOLIO + 1));
            locks.unlock(task, FOLIO + 1);
        });
        machine.spawn("killer", task -> {
            task.sleepUntil(50);
            killed.kill(task);
        });

        machine.run();

        assertThat(machine.log).containsExactly("holder holds @0", "killed got false @50", "killed got true @50");
        assertThat(locks.inUse()).isZero();
    }

    @Test
    void waiterSleepsUninterruptibly() {
        machine.spawn("holder", task -> holdFor(task, 100));
        Task waiter = machine.spawn("waiter", task -> {
            task.sleepUntil(10);
            holdFor(task, 0);
        });
        machine.spawn("observer", task -> {
            task.sleepUntil(50);
            assertThat(waiter.state()).isEqualTo(TaskState.UNINTERRUPTIBLE);
        });

        machine.run();
    }

    @Test
    void trylockNeverSleepsAndLocksOfOtherFoliosDoNotMatter() {
        machine.spawn("holder", task -> holdFor(task, 100));
        machine.spawn("other", task -> {
            task.sleepUntil(10);
            assertThat(locks.trylock(task, FOLIO)).isFalse();
            assertThat(locks.trylock(task, FOLIO + 1)).isTrue();
            locks.unlock(task, FOLIO + 1);
            assertThat(task.now()).isEqualTo(10);
        });

        machine.run();
    }

    /// The holder takes the lock again before the waiter it has woken gets to run.
    @Test
    void wokenWaiterMayBeOvertakenFiveTimesThenIsHandedTheLock() {
        machine.spawn("hog", task -> {
            locks.lock(task, FOLIO);
            for (int round = 1; round <= 10; round++) {
                task.sleepUntil(round * 100L);
                locks.unlock(task, FOLIO);
                if (!locks.trylock(task, FOLIO)) {
                    machine.log(task, "loses in round " + round);
                    return;
                }
            }
        });
        machine.spawn("waiter", task -> {
            task.sleepUntil(10);
            holdFor(task, 0);
        });

        machine.run();

        assertThat(machine.log).containsExactly("hog loses in round 6 @600", "waiter holds @600");
    }

    @Test
    void whoOnlyWaitsForTheUnlockDoesNotTakeTheLock() {
        machine.spawn("holder", task -> holdFor(task, 100));
        machine.spawn("fault", task -> {
            task.sleepUntil(10);
            locks.waitUntilUnlockedKillable(task, FOLIO);
            machine.log(task, "goes on");
        });
        machine.spawn("next", task -> {
            task.sleepUntil(20);
            holdFor(task, 100);
        });

        machine.run();

        assertThat(machine.log).containsExactly("holder holds @0", "fault goes on @100", "next holds @100");
        assertThat(locks.inUse()).isZero();
    }

    @Test
    void unlockByAnotherTaskIsReported() {
        machine.spawn("holder", task -> locks.lock(task, FOLIO));
        machine.spawn("other", task -> {
            task.sleepUntil(10);
            locks.unlock(task, FOLIO);
        });

        assertThatThrownBy(machine::run).hasMessageContaining("folio_unlock by a task that does not hold it");
    }

    @Test
    void unlockOfAFolioThatNobodyLocksIsReported() {
        machine.spawn("t", task -> locks.unlock(task, FOLIO));

        assertThatThrownBy(machine::run).hasMessageContaining("folio_unlock by a task that does not hold it: t")
                .hasMessageContaining("folio");
    }

    @Test
    void waitingForAnUnlockWhileAtomicIsReported() {
        machine.spawn("holder", task -> holdFor(task, 100));
        machine.spawn("fault", task -> {
            task.sleepUntil(10);
            task.preemptDisable();
            locks.waitUntilUnlockedKillable(task, FOLIO);
        });

        assertThatThrownBy(machine::run).hasMessageContaining("sleeping lock taken in atomic context")
                .hasMessageContaining("wants folio_lock folio and");
    }
}
