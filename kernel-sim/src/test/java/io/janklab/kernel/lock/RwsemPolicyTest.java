package io.janklab.kernel.lock;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.SimulatedMachine;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.cpu.CpuSet;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.TaskAttributes;
import io.janklab.kernel.lock.policy.Inherit;
import io.janklab.kernel.lock.policy.Linux;
import io.janklab.kernel.lock.policy.LockPolicies;
import io.janklab.kernel.lock.policy.LockPolicy;
import io.janklab.kernel.lock.policy.ReaderSpin;
import io.janklab.kernel.lock.policy.WriterBoost;
import io.janklab.kernel.trace.LockClass;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RwsemPolicyTest {
    private static final long US = 1_000;
    private static final long MS = 1_000_000;

    private static SimulatedMachine machine(LockPolicy policy) {
        return new SimulatedMachine(policy, false, CostModel.free(), 1024, 1024, 1024, 1024);
    }

    /// HeapTaskDaemon holds the lock on a core it shares with a busy thread of nice 0; the UI thread waits for it.
    private static long uiWait(LockPolicy policy, boolean daemonReads) {
        SimulatedMachine machine = machine(policy);
        RwSemaphore lock = new RwSemaphore(machine.locking, LockClass.MMAP_LOCK, "app");
        long[] waited = new long[1];
        machine.spawn("HeapTaskDaemon", TaskAttributes.normal(4, CpuSet.parse("0")), task -> {
            if (daemonReads) {
                lock.downRead(task);
                task.compute(20 * MS);
                lock.upRead(task);
            } else {
                lock.downWrite(task);
                task.compute(20 * MS);
                lock.upWrite(task);
            }
        });
        machine.spawn("busy", TaskAttributes.normal(0, CpuSet.parse("0")), task -> task.compute(1_000 * MS));
        machine.spawn("ui", TaskAttributes.normal(-10, CpuSet.parse("1")), task -> {
            task.sleepUntil(MS);
            lock.downWrite(task);
            waited[0] = task.now() - MS;
            lock.upWrite(task);
        });
        machine.run();
        return waited[0];
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
    void loanEndsWithTheHold() {
        SimulatedMachine machine = machine(new Inherit());
        RwSemaphore lock = new RwSemaphore(machine.locking, LockClass.MMAP_LOCK, "app");
        int[] prios = new int[2];
        machine.spawn("daemon", TaskAttributes.normal(4), task -> {
            lock.downRead(task);
            task.compute(MS);
            prios[0] = task.prio();
            lock.upRead(task);
            prios[1] = task.prio();
        });
        machine.spawn("ui", TaskAttributes.normal(-10), task -> {
            task.sleepUntil(100 * US);
            lock.downWrite(task);
            lock.upWrite(task);
        });

        machine.run();

        assertThat(prios).containsExactly(110, 124);
    }

    @Test
    void loanTravelsAlongTheChain() {
        SimulatedMachine machine = machine(new Inherit());
        RwSemaphore inner = new RwSemaphore(machine.locking, LockClass.ANON_VMA, "inner");
        RwSemaphore outer = new RwSemaphore(machine.locking, LockClass.MMAP_LOCK, "outer");
        int[] prio = new int[1];
        machine.spawn("innerHolder", TaskAttributes.normal(19), task -> {
            inner.downWrite(task);
            task.sleepUntil(MS);
            prio[0] = task.prio();
            inner.upWrite(task);
        });
        machine.spawn("outerHolder", TaskAttributes.normal(4), task -> {
            task.sleepUntil(10 * US);
            outer.downWrite(task);
            inner.downWrite(task);
            inner.upWrite(task);
            outer.upWrite(task);
        });
        machine.spawn("ui", TaskAttributes.normal(-10), task -> {
            task.sleepUntil(200 * US);
            outer.downRead(task);
            outer.upRead(task);
        });

        machine.run();

        assertThat(prio[0]).isEqualTo(110);
    }

    @ParameterizedTest
    @CsvSource({"linux, plain", "writer-boost, urgent", "inherit, urgent"})
    void moreUrgentWriterOvertakesOnlyUnderAWhatIfPolicy(String policy, String first) {
        SimulatedMachine machine = machine(LockPolicies.byName(policy));
        RwSemaphore lock = new RwSemaphore(machine.locking, LockClass.MMAP_LOCK, "app");
        machine.spawn("holder", task -> {
            lock.downWrite(task);
            task.sleepUntil(MS);
            lock.upWrite(task);
        });
        int start = 100;
        for (String name : new String[] {"plain", "urgent"}) {
            int from = start += 100;
            machine.spawn(name, TaskAttributes.normal(name.equals("urgent") ? -10 : 0), task -> {
                task.sleepUntil(from * US);
                lock.downWrite(task);
                machine.log(task, "writes");
                task.compute(100);
                lock.upWrite(task);
            });
        }

        machine.run();

        assertThat(machine.log.getFirst()).startsWith(first);
    }

    /// While a writer sleeps with the lock another queues; then a reader comes.
    private static List<String> afterAWriter(LockPolicy policy, Consumer<Task> holdersWork) {
        SimulatedMachine machine = machine(policy);
        RwSemaphore lock = new RwSemaphore(machine.locking, LockClass.MMAP_LOCK, "app");
        machine.spawn("holder", TaskAttributes.normal(0, CpuSet.parse("0")), task -> {
            lock.downWrite(task);
            task.sleepUntil(100 * US);
            holdersWork.accept(task);
            lock.upWrite(task);
        });
        machine.spawn("sleeper", TaskAttributes.normal(0, CpuSet.parse("1")), task -> {
            task.sleepUntil(10 * US);
            lock.downWrite(task);
            machine.log(task, "writes");
            lock.upWrite(task);
        });
        machine.spawn("reader", TaskAttributes.normal(0, CpuSet.parse("2")), task -> {
            task.sleepUntil(500 * US);
            lock.downRead(task);
            machine.log(task, "reads");
            lock.upRead(task);
        });
        // The woken writer does not get its core at once.
        machine.spawn("busy", TaskAttributes.fifo(1, CpuSet.parse("1")), task -> {
            task.sleepUntil(200 * US);
            task.compute(2 * MS);
        });
        machine.run();
        return machine.log;
    }

    @Test
    void readerSpinsForARunningWriterAndPassesTheQueueBeforeFiveEleven() {
        assertThat(afterAWriter(new ReaderSpin(), task -> task.compute(MS)).getFirst()).startsWith("reader reads");
        assertThat(afterAWriter(new Linux(), task -> task.compute(MS)).getFirst()).startsWith("sleeper writes");
    }

    @Test
    void readerQueuesBehindAWriterThatSleeps() {
        assertThat(afterAWriter(new ReaderSpin(), task -> task.sleepUntil(MS)).getFirst()).startsWith("sleeper writes");
    }

    /// Once a writer has spun on a reader for too long, readers queue until a writer has had the lock.
    @Test
    void readerSpinsNoMoreWhereAWritersSpinningWasInVain() {
        SimulatedMachine machine = machine(new ReaderSpin());
        RwSemaphore lock = new RwSemaphore(machine.locking, LockClass.MMAP_LOCK, "app");
        machine.spawn("holder", task -> {
            lock.downRead(task);
            task.compute(MS);
            lock.upRead(task);
        });
        machine.spawn("writer", task -> {
            task.sleepUntil(10 * US);
            lock.downWrite(task);
            machine.log(task, "writes");
            lock.upWrite(task);
        });
        machine.spawn("late", task -> {
            task.sleepUntil(500 * US);
            lock.downRead(task);
            machine.log(task, "reads");
            lock.upRead(task);
        });
        machine.run();
        assertThat(machine.log.getFirst()).startsWith("writer writes");
    }

    /// Before the writer has given up, a second reader joins the first one, past the writer.
    @Test
    void readerJoinsReadersPastASpinningWriterBeforeFiveEleven() {
        SimulatedMachine machine = machine(new ReaderSpin());
        RwSemaphore lock = new RwSemaphore(machine.locking, LockClass.MMAP_LOCK, "app");
        long[] waited = new long[1];
        machine.spawn("holder", task -> {
            lock.downRead(task);
            task.compute(MS);
            lock.upRead(task);
        });
        machine.spawn("late", task -> {
            task.sleepUntil(500 * US);
            lock.downRead(task);
            waited[0] = task.now() - 500 * US;
            lock.upRead(task);
        });
        machine.run();
        assertThat(waited[0]).isZero();
    }

    @Test
    void oracleLetsNobodyWaitAndChangesNoCost() {
        long[] done = new long[2];
        for (int oracle = 0; oracle < 2; oracle++) {
            SimulatedMachine machine = new SimulatedMachine(new Linux(), oracle == 1, CostModel.free(), 1024, 1024);
            RwSemaphore lock = new RwSemaphore(machine.locking, LockClass.MMAP_LOCK, "app");
            machine.spawn("a", task -> {
                lock.downWrite(task);
                task.compute(MS);
                lock.upWrite(task);
                task.settle();
                machine.log(task, "done");
            });
            machine.spawn("b", task -> {
                task.sleepUntil(10);
                lock.downWrite(task);
                task.compute(MS);
                lock.upWrite(task);
                task.settle();
                machine.log(task, "done");
            });
            machine.run();
            done[oracle] = Long.parseLong(machine.log.get(1).split("@")[1]);
            assertThat(machine.log.getFirst()).isEqualTo("a done @1000000");
        }

        assertThat(done).containsExactly(2 * MS, MS + 10);
    }

    @Test
    void killedWaiterTakesItsLoanBack() {
        SimulatedMachine machine = machine(new Inherit());
        RwSemaphore lock = new RwSemaphore(machine.locking, LockClass.MMAP_LOCK, "app");
        Task holder = machine.spawn("HeapTaskDaemon", TaskAttributes.normal(4), task -> {
            lock.downRead(task);
            task.sleepUntil(10 * MS);
            lock.upRead(task);
        });
        Task ui = machine.spawn("ui", TaskAttributes.normal(-10), task -> {
            task.sleepUntil(MS);
            assertThat(lock.downWriteKillable(task)).isFalse();
        });
        machine.spawn("killer", task -> {
            task.sleepUntil(5 * MS);
            assertThat(holder.prio()).isEqualTo(110);
            ui.kill(task);
            task.sleepUntil(6 * MS);
            assertThat(holder.prio()).isEqualTo(124);
        });
        machine.run();
    }
}
