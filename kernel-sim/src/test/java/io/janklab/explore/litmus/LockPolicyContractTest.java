package io.janklab.explore.litmus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.janklab.explore.ExploreSpec;
import io.janklab.explore.Finding;
import io.janklab.explore.Litmus;
import io.janklab.explore.Strategy;
import io.janklab.explore.search.Explorer;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.lock.policy.FaultAttempt;
import io.janklab.kernel.lock.policy.Linux;
import io.janklab.kernel.lock.policy.LockPolicies;
import io.janklab.kernel.lock.policy.LockPolicy;
import io.janklab.kernel.lock.policy.Rwsem;
import io.janklab.kernel.lock.policy.VmaLockStep;
import io.janklab.kernel.lock.policy.Waiter;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The contract of every lock policy: mutual exclusion, no forgotten waiter, and a turn for every waiter.
class LockPolicyContractTest {
    /// Each has readers of mmap_lock beside its writers.
    private static final List<String> MEMORY =
            List.of("fault-munmap", "fault-mprotect", "fork-dontneed", "free-munmap", "maps-fixed", "exit-reader", "guard-first-fault");
    private static final KernelProfile LINUX = KernelProfile.of(KernelVersion.V6_17, Architecture.ARM64);

    static Stream<Arguments> policiesAndLitmuses() {
        return policies().stream().flatMap(policy -> Litmuses.LOCKS.stream().map(litmus -> Arguments.of(policy, litmus.name())));
    }

    private static Finding explore(Litmus litmus, KernelProfile kernel, String strategy) {
        ExploreSpec spec = new ExploreSpec(litmus, kernel, Architecture.ARM64);
        return new Explorer(spec).strategy(Strategy.parse(strategy)).schedules(300).explore().finding();
    }

    @Test
    void theSwitchNamesEachPolicy() {
        assertThat(policies()).isNotEmpty().allSatisfy(policy -> assertThat(LockPolicies.byName(policy)).isNotNull());
        assertThatIllegalArgumentException().isThrownBy(() -> LockPolicies.byName("?"))
                .withMessageEndingWith("there is " + String.join(", ", policies()));
    }

    @ParameterizedTest
    @MethodSource("policiesAndLitmuses")
    void holdsUnderEverySchedule(String policy, String litmus) {
        assertThat(explore(Litmuses.byName(litmus), LINUX.with(Switch.RWSEM_POLICY, policy), "pct:3")).isNull();
    }

    /// A policy decides who waits, never what memory may do.
    @ParameterizedTest
    @MethodSource("policies")
    void noPolicyBreaksALitmusOfMemory(String policy) {
        KernelProfile kernel = KernelProfile.of(KernelVersion.V7_2, Architecture.ARM64).with(Switch.RWSEM_POLICY, policy);
        for (String litmus : MEMORY) {
            assertThat(explore(Litmuses.byName(litmus), kernel, "pct:3")).as(litmus).isNull();
        }
    }

    static List<String> policies() {
        return Switch.RWSEM_POLICY.choices();
    }

    private static Finding broken(Litmus litmus, Supplier<LockPolicy> policy) {
        return explore(litmus, LINUX.with(Switch.RWSEM_POLICY, "broken", LockPolicy.class, policy), "pct:3");
    }

    private static final class ReadersBesideWriters extends Linux {
        @Override
        public boolean readerMayTake(Rwsem lock, Task reader) {
            return true;
        }
    }

    private static final class WritersBesideReaders extends Linux {
        @Override
        public boolean waiterMayTake(Rwsem lock, Waiter writer) {
            return lock.writer() == null;
        }
    }

    private static final class ReadersAlwaysFirst extends Linux {
        @Override
        public boolean readerMayTake(Rwsem lock, Task reader) {
            return lock.writer() == null;
        }

        @Override
        public boolean asksForHandoff(Waiter waiter) {
            return false;
        }
    }

    private static final class WritersAlwaysFirst extends Linux {
        @Override
        public int place(List<? extends Waiter> queue, Waiter waiter) {
            return waiter.isWriter() ? 0 : queue.size();
        }

        @Override
        public boolean asksForHandoff(Waiter waiter) {
            return false;
        }
    }

    private static final class HandoffToNobody extends Linux {
        @Override
        public boolean waiterMayTake(Rwsem lock, Waiter writer) {
            return !lock.isLocked() && lock.waiters().size() == 1;
        }
    }

    private static final class AlwaysSpeculates extends Linux {
        @Override
        public VmaLockStep vmaLock(Task reader, FaultAttempt attempt, int tries) {
            return VmaLockStep.SPECULATE;
        }
    }

    private static final class NoStep extends Linux {
        @Override
        public VmaLockStep vmaLock(Task reader, FaultAttempt attempt, int tries) {
            return null;
        }
    }

    private static final class NoReaders extends Linux {
        @Override
        public int readersPerWake() {
            return 0;
        }
    }

    private static final class Throws extends Linux {
        @Override
        public int place(List<? extends Waiter> queue, Waiter waiter) {
            throw new IllegalStateException("no place");
        }
    }

    @Test
    void aFaultThatNeverEndsIsCaught() {
        assertThat(broken(Litmuses.byName("fault-munmap"), AlwaysSpeculates::new).rule()).startsWith("starvation: ");
    }

    @Test
    void aFaultWithoutAStepIsCaught() {
        assertThat(broken(Litmuses.byName("fault-munmap"), NoStep::new).rule()).contains("NoStep gives a page fault no step");
    }

    @Test
    void aTurnForNoReaderIsCaught() {
        assertThat(broken(LockWakeups.LITMUS, NoReaders::new).rule()).contains("NoReaders lets in 0 readers");
    }

    @Test
    void whatAPolicyThrowsIsCaught() {
        assertThat(broken(LockExclusion.LITMUS, Throws::new).rule()).contains("no place");
    }

    @Test
    void aReaderBesideAWriterIsCaught() {
        assertThat(broken(LockExclusion.LITMUS, ReadersBesideWriters::new).rule()).startsWith("mutual exclusion: ")
                .contains("ReadersBesideWriters");
    }

    @Test
    void aWriterBesideAReaderIsCaught() {
        assertThat(broken(LockExclusion.LITMUS, WritersBesideReaders::new).rule()).startsWith("mutual exclusion: ");
    }

    @Test
    void readersThatStarveAWriterAreCaught() {
        assertThat(broken(LockWriterProgress.LITMUS, ReadersAlwaysFirst::new).rule()).startsWith("starvation: writer waits for mutex lock");
    }

    @Test
    void writersThatStarveAReaderAreCaught() {
        assertThat(broken(LockReaderProgress.LITMUS, WritersAlwaysFirst::new).rule()).startsWith("starvation: ");
    }

    @Test
    void aForgottenWaiterIsCaught() {
        assertThat(broken(LockWakeups.LITMUS, HandoffToNobody::new).rule()).startsWith("deadlock");
    }
}
