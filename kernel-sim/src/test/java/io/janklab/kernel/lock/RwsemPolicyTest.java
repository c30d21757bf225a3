package io.janklab.kernel.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.janklab.kernel.cpu.CpuSet;
import io.janklab.kernel.cpu.PolicyMistake;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.TaskAttributes;
import io.janklab.kernel.lock.policy.Inherit;
import io.janklab.kernel.lock.policy.Linux;
import io.janklab.kernel.lock.policy.LockPolicies;
import io.janklab.kernel.lock.policy.LockPolicy;
import io.janklab.kernel.lock.policy.Proxy;
import io.janklab.kernel.lock.policy.ReaderSpin;
import io.janklab.kernel.lock.policy.Rwsem;
import io.janklab.kernel.lock.policy.Waiter;
import io.janklab.kernel.lock.policy.WriterBoost;
import io.janklab.kernel.trace.LockClass;
import io.janklab.kernel.trace.TaskState;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RwsemPolicyTest {
    private static final long US = 1_000;
    private static final long MS = 1_000_000;
    private static final TaskAttributes PLAIN = TaskAttributes.normal(0);
    private static final TaskAttributes UI = TaskAttributes.normal(-10);
    private static final TaskAttributes DAEMON = TaskAttributes.normal(4);

    private static void nothing(Task task) {}

    /// HeapTaskDaemon holds the lock on a core it shares with a busy thread of nice 0; the UI thread waits for it.
    private static long uiWait(LockPolicy policy, boolean daemonReads) {
        RwsemRig rig = new RwsemRig(policy);
        TaskAttributes daemon = TaskAttributes.normal(4, CpuSet.parse("0"));
        if (daemonReads) {
            rig.reads("HeapTaskDaemon", daemon, 0, task -> task.compute(20 * MS));
        } else {
            rig.writes("HeapTaskDaemon", daemon, 0, task -> task.compute(20 * MS));
        }
        rig.machine.spawn("busy", TaskAttributes.normal(0, CpuSet.parse("0")), task -> task.compute(1_000 * MS));
        rig.writes("ui", TaskAttributes.normal(-10, CpuSet.parse("1")), MS, RwsemPolicyTest::nothing);
        return rig.had("ui") - MS;
    }

    @Test
    void linuxHelpsNobody() {
        assertThat(uiWait(new Linux(), true)).isGreaterThan(40 * MS);
        assertThat(uiWait(new Linux(), false)).isGreaterThan(40 * MS);
    }

    @Test
    void vendorHookBoostsAWritingHolderButNotAReader() {
        assertThat(uiWait(new WriterBoost(), false)).isLessThan(30 * MS);
        assertThat(uiWait(new WriterBoost(), true)).isEqualTo(uiWait(new Linux(), true));
    }

    @Test
    void inheritanceBoostsReadersToo() {
        assertThat(uiWait(new Inherit(), true)).isLessThan(30 * MS);
        assertThat(uiWait(new Inherit(), false)).isLessThan(30 * MS);
    }

    @Test
    void proxyLendsToAWritingHolderAlone() {
        assertThat(uiWait(new Proxy(), false)).isLessThan(30 * MS);
        assertThat(uiWait(new Proxy(), true)).isEqualTo(uiWait(new Linux(), true));
    }

    @Test
    void loanEndsWithTheHold() {
        RwsemRig rig = new RwsemRig(new Inherit());
        int[] prios = new int[2];
        rig.machine.spawn("daemon", DAEMON, task -> {
            rig.lock.downRead(task);
            task.compute(MS);
            prios[0] = task.prio();
            rig.lock.upRead(task);
            prios[1] = task.prio();
        });
        rig.writes("ui", UI, 100 * US, RwsemPolicyTest::nothing);

        rig.run();

        assertThat(prios).containsExactly(110, 124);
    }

    @Test
    void loanTravelsAlongTheChain() {
        RwsemRig rig = new RwsemRig(new Inherit());
        RwSemaphore inner = rig.semaphore(LockClass.ANON_VMA, "inner");
        int[] prio = new int[1];
        rig.machine.spawn("innerHolder", TaskAttributes.normal(19), task -> {
            inner.downWrite(task);
            task.sleepUntil(MS);
            prio[0] = task.prio();
            inner.upWrite(task);
        });
        rig.writes("outerHolder", DAEMON, 10 * US, task -> {
            inner.downWrite(task);
            inner.upWrite(task);
        });
        rig.reads("ui", UI, 200 * US, RwsemPolicyTest::nothing);

        rig.run();

        assertThat(prio[0]).isEqualTo(110);
    }

    @ParameterizedTest
    @CsvSource({"linux, plain", "writer-boost, urgent", "inherit, urgent"})
    void moreUrgentWriterOvertakesOnlyUnderAWhatIfPolicy(String policy, String first) {
        RwsemRig rig = new RwsemRig(LockPolicies.byName(policy));
        rig.machine.spawn("holder", task -> {
            rig.lock.downWrite(task);
            task.sleepUntil(MS);
            rig.lock.upWrite(task);
        });
        rig.writes("plain", PLAIN, 200 * US, task -> task.compute(100));
        rig.writes("urgent", UI, 300 * US, task -> task.compute(100));

        assertThat(rig.run().getFirst()).startsWith(first);
    }

    /// While a writer sleeps with the lock another queues; then a reader comes.
    private static String firstAfterAWriter(LockPolicy policy, Consumer<Task> holdersWork) {
        RwsemRig rig = new RwsemRig(policy);
        rig.writes("holder", TaskAttributes.normal(0, CpuSet.parse("0")), 0, task -> {
            task.sleepUntil(100 * US);
            holdersWork.accept(task);
        });
        rig.writes("sleeper", TaskAttributes.normal(0, CpuSet.parse("1")), 10 * US, RwsemPolicyTest::nothing);
        rig.reads("reader", TaskAttributes.normal(0, CpuSet.parse("2")), 500 * US, RwsemPolicyTest::nothing);
        // The woken writer does not get its core at once.
        rig.machine.spawn("busy", TaskAttributes.fifo(1, CpuSet.parse("1")), task -> {
            task.sleepUntil(200 * US);
            task.compute(2 * MS);
        });
        return rig.run().get(1);
    }

    @Test
    void readerSpinsForARunningWriterAndPassesTheQueueBeforeFiveEleven() {
        assertThat(firstAfterAWriter(new ReaderSpin(), task -> task.compute(MS))).startsWith("reader reads");
        assertThat(firstAfterAWriter(new Linux(), task -> task.compute(MS))).startsWith("sleeper writes");
    }

    @Test
    void readerQueuesBehindAWriterThatSleeps() {
        assertThat(firstAfterAWriter(new ReaderSpin(), task -> task.sleepUntil(MS))).startsWith("sleeper writes");
    }

    @Test
    void readerThatHasSpunKeepsWritersOut() {
        RwsemRig rig = new RwsemRig(new ReaderSpin());
        rig.writes("holder", PLAIN, 0, task -> task.compute(100 * US));
        rig.reads("reader", PLAIN, 50 * US, task -> {
            assertThat(rig.lock.isReadHeldBy(task)).isTrue();
            task.compute(MS);
        });
        rig.writes("writer", PLAIN, 200 * US, RwsemPolicyTest::nothing);

        assertThat(rig.run()).containsExactly("holder writes @0", "reader reads @100000", "writer writes @1100000");
    }

    /// Once a writer has spun on a reader for too long, readers queue until a writer has had the lock.
    @Test
    void readerSpinsNoMoreWhereAWritersSpinningWasInVain() {
        RwsemRig rig = new RwsemRig(new ReaderSpin());
        rig.reads("holder", PLAIN, 0, task -> task.compute(MS));
        rig.writes("writer", PLAIN, 10 * US, RwsemPolicyTest::nothing);
        rig.reads("late", PLAIN, 500 * US, RwsemPolicyTest::nothing);

        assertThat(rig.run().get(1)).startsWith("writer writes");
    }

    /// Before the writer has given up, a second reader joins the first one, past the writer.
    @Test
    void readerJoinsReadersPastASpinningWriterBeforeFiveEleven() {
        RwsemRig rig = new RwsemRig(new ReaderSpin());
        rig.reads("holder", PLAIN, 0, task -> task.compute(MS));
        rig.reads("late", PLAIN, 500 * US, RwsemPolicyTest::nothing);

        assertThat(rig.had("late")).isEqualTo(500 * US);
    }

    /// The holder leaves its core while the reader spins for it.
    @Test
    void readerThatHasSpunInVainQueues() {
        RwsemRig rig = new RwsemRig(new ReaderSpin());
        rig.writes("holder", PLAIN, 0, task -> {
            task.compute(100 * US);
            task.sleepUntil(MS);
        });
        rig.reads("reader", PLAIN, 50 * US, RwsemPolicyTest::nothing);

        assertThat(rig.had("reader")).isEqualTo(MS);
    }

    /// A real-time writer asks at once.
    @Test
    void spinningReaderDoesNotTakeWhatIsToBeHandedOver() {
        RwsemRig rig = new RwsemRig(new ReaderSpin());
        rig.reads("holder", PLAIN, 0, task -> task.sleepUntil(10 * MS));
        rig.writes("rt", TaskAttributes.fifo(1, CpuSet.ALL), MS, RwsemPolicyTest::nothing);
        Task spinner = rig.reads("spinner", PLAIN, 2 * MS, RwsemPolicyTest::nothing);
        rig.machine.spawn("observer", task -> {
            task.sleepUntil(5 * MS);
            assertThat(rig.lock.waiters().getFirst().hasHandoff()).isTrue();
            assertThat(spinner.state()).as("spins for no limited time").isEqualTo(TaskState.RUNNING);
        });

        assertThat(rig.run()).containsExactly("holder reads @0", "rt writes @10000000", "spinner reads @10000000");
    }

    /// Does not spin on readers at all.
    private static final class NoReaderSpin extends Linux {
        @Override
        public long readerSpinNs(int readers) {
            return 0;
        }
    }

    @Test
    void policyMayLetWritersSpinOnReadersForNoTime() {
        RwsemRig rig = new RwsemRig(new NoReaderSpin());
        rig.reads("holder", PLAIN, 0, task -> task.sleepUntil(MS));
        Task writer = rig.writes("writer", PLAIN, 100 * US, RwsemPolicyTest::nothing);
        rig.machine.spawn("observer", task -> {
            task.sleepUntil(101 * US);
            assertThat(writer.state()).isEqualTo(TaskState.UNINTERRUPTIBLE);
        });

        assertThat(rig.had("writer")).isEqualTo(MS);
    }

    /// Lets in one reader at a wake-up.
    private static final class OneByOne extends Linux {
        @Override
        public int readersPerWake() {
            return 1;
        }
    }

    @Test
    void policyMayLetInOneReaderAtATime() {
        RwsemRig rig = new RwsemRig(new OneByOne());
        rig.writes("holder", PLAIN, 0, task -> task.sleepUntil(MS));
        rig.reads("first", PLAIN, 10 * US, task -> task.sleepUntil(2 * MS));
        rig.reads("second", PLAIN, 20 * US, RwsemPolicyTest::nothing);

        assertThat(rig.run()).containsExactly("holder writes @0", "first reads @1000000", "second reads @2000000");
    }

    @Test
    void oracleLetsNobodyWaitAndChangesNoCost() {
        long[] done = new long[2];
        for (int oracle = 0; oracle < 2; oracle++) {
            RwsemRig rig = new RwsemRig(new Linux(), oracle == 1);
            rig.writes("a", PLAIN, 0, task -> task.compute(MS));
            rig.writes("b", PLAIN, 10, task -> task.compute(MS));
            done[oracle] = rig.had("b");
        }

        assertThat(done).containsExactly(MS, 10);
    }

    /// What is done with the lock held takes no time of the clock until it is released.
    @Test
    void underTheOracleTimePassesAgainOnceTheLockIsReleased() {
        RwsemRig rig = new RwsemRig(new Linux(), true);
        rig.machine.spawn("a", task -> {
            rig.lock.downWrite(task);
            task.compute(MS);
            rig.lock.upWrite(task);
            task.compute(MS);
            rig.machine.log(task, "has done both");
        });

        assertThat(rig.run()).containsExactly("a has done both @2000000");
    }

    /// The UI thread's writer, woken, is not on its core yet when the daemon steals the lock.
    @Test
    void readerThatStealsIsLentThePriorityOfThoseItPasses() {
        RwsemRig rig = new RwsemRig(new Inherit());
        rig.writes("holder", PLAIN, 0, task -> task.sleepUntil(MS));
        rig.writes("ui", TaskAttributes.normal(-10, CpuSet.parse("1")), 100 * US, RwsemPolicyTest::nothing);
        rig.machine.spawn("busy", TaskAttributes.fifo(1, CpuSet.parse("1")), task -> {
            task.sleepUntil(900 * US);
            task.compute(2 * MS);
        });
        rig.reads("daemon", TaskAttributes.normal(4, CpuSet.parse("2")), 2 * MS, task -> assertThat(task.prio()).isEqualTo(110));

        assertThat(rig.run()).containsExactly("holder writes @0", "daemon reads @2000000", "ui writes @2900000");
    }

    /// Gives turns and places that are given.
    private static final class Elsewhere extends Linux {
        private final int place;
        private final int next;

        Elsewhere(int place, int next) {
            this.place = place;
            this.next = next;
        }

        @Override
        public int place(List<? extends Waiter> queue, Waiter waiter) {
            return place;
        }

        @Override
        public int next(Rwsem lock) {
            return next;
        }
    }

    @ParameterizedTest
    @CsvSource({"-1, 0, places a waiter at -1 of a queue of 0", "1, 0, places a waiter at 1 of a queue of 0",
        "0, -1, gives the turn to place -1 of a queue of 1", "0, 1, gives the turn to place 1 of a queue of 1"})
    void placeOutsideTheQueueIsThePolicysMistake(int place, int next, String mistake) {
        RwsemRig rig = new RwsemRig(new Elsewhere(place, next));
        rig.writes("holder", PLAIN, 0, task -> task.sleepUntil(MS));
        rig.writes("waiter", PLAIN, 100 * US, RwsemPolicyTest::nothing);

        assertThatThrownBy(rig::run).rootCause().isInstanceOf(PolicyMistake.class).hasMessageContaining(mistake);
    }

    @Test
    void killedWaiterTakesItsLoanBack() {
        RwsemRig rig = new RwsemRig(new Inherit());
        Task holder = rig.reads("HeapTaskDaemon", DAEMON, 0, task -> task.sleepUntil(10 * MS));
        Task ui = rig.machine.spawn("ui", UI, task -> {
            task.sleepUntil(MS);
            assertThat(rig.lock.downWriteKillable(task)).isFalse();
        });
        rig.machine.spawn("killer", task -> {
            task.sleepUntil(5 * MS);
            assertThat(holder.prio()).isEqualTo(110);
            ui.kill(task);
            task.sleepUntil(6 * MS);
            assertThat(holder.prio()).isEqualTo(124);
        });

        rig.run();
    }
}
