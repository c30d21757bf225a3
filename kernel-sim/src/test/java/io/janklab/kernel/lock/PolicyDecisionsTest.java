package io.janklab.kernel.lock;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.SimulatedMachine;
import io.janklab.kernel.cpu.CpuSet;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.TaskAttributes;
import io.janklab.kernel.lock.policy.DowngradeOnFault;
import io.janklab.kernel.lock.policy.FaultAttempt;
import io.janklab.kernel.lock.policy.Linux;
import io.janklab.kernel.lock.policy.LockPolicies;
import io.janklab.kernel.lock.policy.PhaseFair;
import io.janklab.kernel.lock.policy.Rwsem;
import io.janklab.kernel.lock.policy.VmaLockStep;
import io.janklab.kernel.lock.policy.Waiter;
import io.janklab.kernel.trace.LockClass;
import io.janklab.kernel.trace.LockMode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Single decisions of the policies, each by what it is given.
class PolicyDecisionsTest {
    private static final long JIFFY_NS = 4_000_000;

    private final SimulatedMachine machine = SimulatedMachine.withCores(1);
    private final Task plain = machine.spawn("plain", task -> {});
    private final Task realTime = machine.spawn("rt", TaskAttributes.fifo(1, CpuSet.ALL), task -> {});

    private record One(Task task, LockMode mode, long overdueNs, int bypassed, boolean hasHandoff) implements Waiter {
        One(Task task, LockMode mode, long overdueNs) {
            this(task, mode, overdueNs, 0, false);
        }
    }

    private record Lock(@Nullable Task writer, int readers, boolean isHandoff, List<Waiter> waiters) implements Rwsem {
        Lock(@Nullable Task writer, int readers, List<Waiter> waiters) {
            this(writer, readers, false, waiters);
        }

        @Override
        public LockClass lockClass() {
            return LockClass.MMAP_LOCK;
        }

        @Override
        public boolean isReaderOwned() {
            return writer == null;
        }

        @Override
        public boolean isNonspinnable() {
            return false;
        }
    }

    /// `rwsem_try_write_lock`, `rwsem_mark_wake`: `time_after(jiffies, waiter->timeout)`.
    @Test
    void waiterAsksForHandOffOnceMoreThanAJiffyHasPassed() {
        Linux linux = new Linux();
        for (LockMode mode : LockMode.values()) {
            assertThat(linux.asksForHandoff(new One(plain, mode, -JIFFY_NS))).isFalse();
            assertThat(linux.asksForHandoff(new One(plain, mode, 0))).isFalse();
            assertThat(linux.asksForHandoff(new One(plain, mode, JIFFY_NS))).isTrue();
        }
    }

    @Test
    void realTimeTaskAsksForHandOffAtOnceIfItWrites() {
        Linux linux = new Linux();
        assertThat(linux.asksForHandoff(new One(realTime, LockMode.WRITE, -JIFFY_NS))).isTrue();
        assertThat(linux.asksForHandoff(new One(realTime, LockMode.READ, -JIFFY_NS))).isFalse();
    }

    @Test
    void lockThatIsToBeHandedOverIsTheFirstWaitersThatAskedForIt() {
        Linux linux = new Linux();
        One asks = new One(realTime, LockMode.WRITE, 0, 0, true);
        One other = new One(plain, LockMode.WRITE, 0);
        Lock free = new Lock(null, 0, true, List.of(asks, other));
        assertThat(linux.waiterMayTake(free, asks)).isTrue();
        assertThat(linux.waiterMayTake(free, other)).isFalse();
        assertThat(linux.waiterMayTake(new Lock(null, 0, true, List.of(other, asks)), asks)).as("the first has not asked").isTrue();
        assertThat(linux.waiterMayTake(new Lock(null, 0, List.of(other, asks)), asks)).isTrue();
        assertThat(linux.waiterMayTake(new Lock(plain, 0, true, List.of(asks)), asks)).isFalse();
        assertThat(linux.spinnerMayTake(free, plain)).isFalse();
        assertThat(linux.readerMayTake(free, plain)).isFalse();
    }

    @Test
    void phaseFairSpinnersAndReadersTakeWhatNobodyHoldsOrWaitsFor() {
        PhaseFair fair = new PhaseFair();
        One writer = new One(plain, LockMode.WRITE, JIFFY_NS);
        One reader = new One(plain, LockMode.READ, 0);
        assertThat(fair.spinnerMayTake(new Lock(null, 0, List.of()), plain)).isTrue();
        assertThat(fair.spinnerMayTake(new Lock(null, 0, List.of(reader)), plain)).isFalse();
        assertThat(fair.spinnerMayTake(new Lock(null, 1, List.of()), plain)).isFalse();
        assertThat(fair.readerMayTake(new Lock(null, 1, List.of(reader)), plain)).isTrue();
        assertThat(fair.readerMayTake(new Lock(null, 1, List.of(writer)), plain)).isFalse();
        assertThat(fair.readerMayTake(new Lock(realTime, 0, List.of()), plain)).isFalse();
        assertThat(fair.asksForHandoff(writer)).as("the turns serve the purpose").isFalse();
    }

    @Test
    void lockIsLockedByAWriterOrByReaders() {
        assertThat(new Lock(null, 0, List.of()).isLocked()).isFalse();
        assertThat(new Lock(plain, 0, List.of()).isLocked()).isTrue();
        assertThat(new Lock(null, 1, List.of()).isLocked()).isTrue();
    }

    @Test
    void downgradesWhereOthersWaitAlone() {
        Lock idle = new Lock(plain, 0, List.of());
        Lock wanted = new Lock(plain, 0, List.of(new One(realTime, LockMode.READ, 0)));
        DowngradeOnFault policy = new DowngradeOnFault();
        assertThat(policy.munmapDowngrades(idle)).isFalse();
        assertThat(policy.mprotectDowngrades(idle)).isFalse();
        assertThat(policy.munmapDowngrades(wanted)).isTrue();
        assertThat(policy.mprotectDowngrades(wanted)).isTrue();
        assertThat(new Linux().munmapDowngrades(idle)).isTrue();
        assertThat(new Linux().mprotectDowngrades(wanted)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "linux, FIRST, 0, TRY", "linux, REFUSED, 1, FALL_BACK", "linux, AFTER_IO, 1, FALL_BACK",
        "retry-under-vma-lock, FIRST, 0, TRY", "retry-under-vma-lock, AFTER_IO, 1, TRY", "retry-under-vma-lock, REFUSED, 1, WAIT",
        "retry-under-vma-lock, REFUSED, 2, FALL_BACK",
        "speculative, FIRST, 0, SPECULATE", "speculative, REFUSED, 1, TRY", "speculative, REFUSED, 2, FALL_BACK",
        "speculative, AFTER_IO, 1, FALL_BACK"
    })
    void faultsNextStepWithItsVmasLock(String policy, FaultAttempt attempt, int tries, VmaLockStep step) {
        assertThat(LockPolicies.byName(policy).vmaLock(plain, attempt, tries)).isEqualTo(step);
    }
}
