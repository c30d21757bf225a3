package io.janklab.kernel.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.janklab.kernel.SimulatedMachine;
import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.cpu.CpuSet;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.TaskAttributes;
import io.janklab.kernel.trace.LockClass;
import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.TraceListener;
import io.janklab.kernel.trace.TracedLock;
import io.janklab.kernel.trace.TracedTask;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RwSemaphoreTest {
    private static final long US = 1_000;
    private static final long MS = 1_000_000;

    private final SimulatedMachine machine = SimulatedMachine.withCores(8);
    private final RwSemaphore lock = semaphore(machine);

    private static RwSemaphore semaphore(SimulatedMachine machine) {
        return new RwSemaphore(machine.locking, LockClass.MMAP_LOCK, "app");
    }

    @AfterEach
    void nobodyHoldsOrWaits() {
        assertThat(lock.isLocked()).isFalse();
        assertThat(lock.isContended()).isFalse();
        assertThat(machine.scheduler.tasks()).allMatch(task -> task.held().count() == 0);
    }

    private Task reader(String name, long from, long hold) {
        return machine.spawn(name, task -> {
            task.sleepUntil(from);
            lock.downRead(task);
            machine.log(task, "reads");
            task.compute(hold);
            lock.upRead(task);
        });
    }

    private Task writer(String name, long from, long hold) {
        return machine.spawn(name, task -> {
            task.sleepUntil(from);
            lock.downWrite(task);
            machine.log(task, "writes");
            task.compute(hold);
            lock.upWrite(task);
        });
    }

    /// A reader that sleeps while it holds the lock, so that spinning on it is of no use.
    private Task sleepingReader(String name, long from, long until) {
        return machine.spawn(name, task -> {
            task.sleepUntil(from);
            lock.downRead(task);
            machine.log(task, "reads");
            task.sleepUntil(until);
            lock.upRead(task);
        });
    }

    private Task sleepingWriter(String name, long from, long until) {
        return machine.spawn(name, task -> {
            task.sleepUntil(from);
            lock.downWrite(task);
            machine.log(task, "writes");
            task.sleepUntil(until);
            lock.upWrite(task);
        });
    }

    /// The state letters of `watched` at the given times.
    private List<String> states(Task watched, long... times) {
        List<String> states = new ArrayList<>();
        machine.spawn("observer", task -> {
            for (long time : times) {
                task.sleepUntil(time);
                states.add(watched.state().letter());
            }
        });
        return states;
    }

    @Test
    void readersShare() {
        reader("a", 0, 100);
        reader("b", 50, 100);

        machine.run();

        assertThat(machine.log).containsExactly("a reads @0", "b reads @50");
    }

    @Test
    void writerExcludesEverybody() {
        writer("w", 0, 100);
        reader("r", 10, 5);
        writer("w2", 20, 5);

        machine.run();

        assertThat(machine.log).hasSize(3).first().isEqualTo("w writes @0");
        assertThat(machine.log.subList(1, 3)).allMatch(line -> Long.parseLong(line.split("@")[1]) >= 100);
    }

    @Test
    void readerQueuesBehindAQueuedWriterWhileReadersHold() {
        sleepingReader("holder", 0, 10 * MS);
        writer("writer", MS, 10);
        reader("late", 2 * MS, 10);

        machine.run();

        assertThat(machine.log).containsExactly("holder reads @0", "writer writes @10000000", "late reads @10000010");
    }

    @Test
    void readerMayStealPastQueuedWriterOnceHolderHasLeft() {
        // The writer's only core is taken when the lock comes free: it has been woken but has not run yet.
        sleepingReader("holder", 0, 3 * MS);
        machine.spawn("writer", TaskAttributes.normal(0, CpuSet.parse("7")), task -> {
            task.sleepUntil(MS);
            lock.downWrite(task);
            machine.log(task, "writes");
            lock.upWrite(task);
        });
        machine.spawn("hog", TaskAttributes.fifo(50, CpuSet.parse("7")), task -> {
            task.sleepUntil(2 * MS);
            task.compute(2 * MS);
        });
        reader("thief", 3 * MS + 100, 10);

        machine.run();

        assertThat(machine.log).containsExactly("holder reads @0", "thief reads @3000100", "writer writes @4000000");
    }

    @Test
    void allQueuedReadersAreGrantedTogetherSkippingWriters() {
        sleepingWriter("holder", 0, 10 * MS);
        reader("r1", MS, 100);
        sleepingWriter("w", 2 * MS, 11 * MS);
        reader("r2", 3 * MS, 100);

        machine.run();

        assertThat(machine.log).containsExactly("holder writes @0", "r1 reads @10000000", "r2 reads @10000000", "w writes @10000100");
    }

    @Test
    void atMost256ReadersAreWokenAtOnce() {
        sleepingWriter("holder", 0, 10 * MS);
        for (int i = 0; i < 300; i++) {
            sleepingReader("r" + i, MS + i, 20 * MS);
        }

        machine.run(15 * MS);
        long granted = machine.scheduler.tasks().stream().filter(lock::isReadHeldBy).count();
        machine.run();

        assertThat(granted).isEqualTo(256);
        assertThat(machine.log).hasSize(301);
    }

    /// `rwsem_mark_wake` is asked again by each that queues.
    @Test
    void readersLeftByOneWakeUpAreLetInWhenTheNextTaskQueues() {
        sleepingWriter("holder", 0, 10 * MS);
        for (int i = 0; i < 300; i++) {
            sleepingReader("r" + i, MS + i, 20 * MS);
        }
        sleepingReader("late", 12 * MS, 20 * MS);

        machine.run(15 * MS);
        long granted = machine.scheduler.tasks().stream().filter(lock::isReadHeldBy).count();
        machine.run();

        assertThat(granted).isEqualTo(301);
    }

    @Test
    void writerSpinsOnARunningOwnerInsteadOfSleeping() {
        writer("owner", 0, 50 * US);
        Task spinner = writer("spinner", 10 * US, 10);
        List<String> states = states(spinner, 30 * US);

        machine.run();

        assertThat(states).containsExactly("R");
        assertThat(machine.log).containsExactly("owner writes @0", "spinner writes @50000");
    }

    @Test
    void writerSleepsWhenTheOwnerLeavesItsCore() {
        machine.spawn("owner", task -> {
            lock.downWrite(task);
            task.compute(20 * US);
            task.sleepUntil(MS);
            lock.upWrite(task);
        });
        Task spinner = writer("spinner", 10 * US, 10);
        List<String> states = states(spinner, 15 * US, 500 * US);

        machine.run();

        assertThat(states).containsExactly("R", "D");
        assertThat(machine.log).containsExactly("spinner writes @1000000");
    }

    /// What a spinner spins for has become a reader, which it waits for no longer than for others.
    @Test
    void writerThatSpinsSeesThatTheOwnerHasDowngraded() {
        machine.spawn("owner", task -> {
            lock.downWrite(task);
            task.compute(100 * US);
            lock.downgradeWrite(task);
            task.compute(MS);
            lock.upRead(task);
        });
        List<String> states = states(writer("spinner", 10 * US, 10), 50 * US, 110 * US, 111 * US);

        machine.run();

        assertThat(states).containsExactly("R", "R", "D");
    }

    /// A real-time task wakes on the spinner's core at the instant at which the owner leaves: the spinner is preempted with the lock.
    @Test
    void spinnerHasTheLockBeforeItLosesItsCore() {
        TaskAttributes onOne = TaskAttributes.normal(0, CpuSet.parse("1"));
        machine.spawn("owner", TaskAttributes.normal(0, CpuSet.parse("0")), task -> {
            lock.downWrite(task);
            task.compute(100 * US);
            lock.upWrite(task);
        });
        machine.spawn("spinner", onOne, task -> {
            task.sleepUntil(50 * US);
            lock.downWrite(task);
            machine.log(task, "writes");
            lock.upWrite(task);
        });
        machine.spawn("rt", TaskAttributes.fifo(1, CpuSet.parse("1")), task -> {
            task.sleepUntil(100 * US);
            task.compute(MS);
        });
        writer("rival", 500 * US, 10);

        machine.run();

        assertThat(machine.log).containsExactly("spinner writes @1100000", "rival writes @1100000");
    }

    @Test
    void writerSpinsTenMicrosecondsAndHalfAOneForEachReaderOnReaders() {
        sleepingReader("r1", 0, MS);
        sleepingReader("r2", 0, MS);
        Task writer = writer("w", 100 * US, 10);
        List<String> states = states(writer, 110 * US + 900, 111 * US + 100);

        machine.run();

        assertThat(states).containsExactly("R", "D");
    }

    @Test
    void writerSpinsNoLongerThan25MicrosecondsOnManyReaders() {
        for (int i = 0; i < 100; i++) {
            sleepingReader("r" + i, 0, MS);
        }
        Task writer = writer("w", 100 * US, 10);
        List<String> states = states(writer, 124 * US + 900, 125 * US + 100);

        machine.run();

        assertThat(states).containsExactly("R", "D");
    }

    @Test
    void spinningOnReadersThatFailedIsNotTriedAgainUntilTheyHaveLeft() {
        sleepingReader("r", 0, MS);
        writer("w1", 100 * US, 10);
        Task second = writer("w2", 200 * US, 10);
        List<String> states = states(second, 201 * US);

        machine.run();

        assertThat(states).containsExactly("D");
    }

    /// The first writer, woken, does not get its core; the second finds the lock free.
    @Test
    void writersSpinAgainOnceTheReadersHaveLeft() {
        sleepingReader("r", 0, MS);
        machine.spawn("w1", TaskAttributes.normal(0, CpuSet.parse("1")), task -> {
            task.sleepUntil(100 * US);
            lock.downWrite(task);
            machine.log(task, "writes");
            lock.upWrite(task);
        });
        machine.spawn("busy", TaskAttributes.fifo(1, CpuSet.parse("1")), task -> {
            task.sleepUntil(500 * US);
            task.compute(2 * MS);
        });
        writer("w2", 1_500 * US, 10);

        machine.run();

        assertThat(machine.log).containsExactly("r reads @0", "w2 writes @1500000", "w1 writes @2500000");
    }

    @Test
    void spinningWritersStealFromAQueuedOneUntilItAsksForHandOffAfterFourMilliseconds() {
        // Switching to the queued writer takes longer than a spinner's cache miss, so it loses every race until hand-off.
        SimulatedMachine own = new SimulatedMachine(CostModel.free().with(Cost.CONTEXT_SWITCH, 2 * US), 1024, 1024, 1024, 1024);
        RwSemaphore semaphore = semaphore(own);
        own.spawn("first", task -> {
            semaphore.downWrite(task);
            task.sleepUntil(MS);
            task.compute(100 * US);
            semaphore.upWrite(task);
        });
        own.spawn("queued", task -> {
            task.sleepUntil(500 * US);
            semaphore.downWrite(task);
            own.log(task, "writes");
            semaphore.upWrite(task);
        });
        for (int i = 0; i < 2; i++) {
            own.spawn("thief" + i, task -> {
                task.sleepUntil(1_050 * US);
                while (task.now() < 40 * MS) {
                    semaphore.downWrite(task);
                    task.compute(300 * US);
                    semaphore.upWrite(task);
                }
            });
        }

        own.run();

        assertThat(own.log).hasSize(1);
        assertThat(Long.parseLong(own.log.get(0).split("@")[1])).isBetween(4 * MS, 12 * MS);
    }

    @Test
    void realTimeWriterAsksForHandOffAtOnceButTheFirstInLineGetsIt() {
        sleepingReader("holder", 0, 10 * MS);
        writer("normal", MS, 10);
        machine.spawn("rt", TaskAttributes.fifo(1, CpuSet.ALL), task -> {
            task.sleepUntil(2 * MS);
            lock.downWrite(task);
            machine.log(task, "writes");
            lock.upWrite(task);
        });

        machine.run();

        assertThat(machine.log.subList(1, 3)).containsExactly("normal writes @10000000", "rt writes @10000010");
    }

    @Test
    void downgradeLetsQueuedReadersInAndKeepsWritersOut() {
        machine.spawn("owner", task -> {
            lock.downWrite(task);
            task.sleepUntil(MS);
            lock.downgradeWrite(task);
            machine.log(task, "downgraded");
            task.sleepUntil(2 * MS);
            lock.upRead(task);
        });
        reader("r", 100 * US, 10);
        writer("w", 200 * US, 10);

        machine.run();

        assertThat(machine.log).containsExactly("owner downgraded @1000000", "r reads @1000000", "w writes @2000000");
    }

    @Test
    void trylockFailsWhileAnybodyQueues() {
        sleepingReader("holder", 0, 10 * MS);
        writer("writer", MS, 10);
        machine.spawn("try", task -> {
            task.sleepUntil(100);
            machine.log(task, "got " + lock.downReadTrylock(task));
            lock.upRead(task);
            task.sleepUntil(2 * MS);
            machine.log(task, "got " + lock.downReadTrylock(task));
        });

        machine.run();

        assertThat(machine.log).contains("try got true @100", "try got false @2000000");
    }

    @Test
    void lowPriorityReaderThatIsPreemptedKeepsEverybodyWaiting() {
        // The inversion Janklab is about: UI behind a queued writer behind a reader that lost its core.
        machine.spawn("HeapTaskDaemon", TaskAttributes.normal(4, CpuSet.parse("0")), task -> {
            lock.downRead(task);
            task.compute(MS);
            lock.upRead(task);
        });
        machine.spawn("audio", TaskAttributes.fifo(2, CpuSet.parse("0")), task -> {
            task.sleepUntil(100 * US);
            task.compute(5 * MS);
        });
        machine.spawn("jit", TaskAttributes.normal(9, CpuSet.parse("1")), task -> {
            task.sleepUntil(200 * US);
            lock.downWrite(task);
            lock.upWrite(task);
        });
        machine.spawn("ui", TaskAttributes.normal(-10, CpuSet.parse("2")), task -> {
            task.sleepUntil(300 * US);
            lock.downRead(task);
            machine.log(task, "reads");
            lock.upRead(task);
        });

        machine.run();

        assertThat(machine.log).containsExactly("ui reads @6000000");
    }

    @Test
    void takingItTwiceIsReported() {
        SimulatedMachine own = SimulatedMachine.withCores(1);
        RwSemaphore semaphore = semaphore(own);
        own.spawn("t", task -> {
            semaphore.downRead(task);
            semaphore.downRead(task);
        });

        assertThatThrownBy(own::run).hasMessageContaining("possible recursive locking");
    }

    private static long costOf(BiConsumer<RwSemaphore, Task> locks) {
        SimulatedMachine own = new SimulatedMachine(CostModel.defaults(), 1024);
        RwSemaphore semaphore = semaphore(own);
        long[] took = new long[1];
        own.spawn("t", task -> {
            long began = task.now();
            locks.accept(semaphore, task);
            took[0] = task.now() - began;
        });
        own.run();
        return took[0];
    }

    @Test
    void lockingCostsWhatTheModelSays() {
        assertThat(costOf((semaphore, task) -> {
            semaphore.downRead(task);
            semaphore.upRead(task);
        })).isEqualTo(24);
        assertThat(costOf((semaphore, task) -> {
            semaphore.downWrite(task);
            semaphore.upWrite(task);
        })).isEqualTo(24);
    }

    private List<String> traced() {
        List<String> traced = new ArrayList<>();
        machine.tracepoints.attach(new TraceListener() {
            @Override
            public void contentionBegin(long now, TracedLock traceLock, TracedTask task, LockMode mode) {
                traced.add(task.name() + " queues to " + mode + " @" + now);
            }

            @Override
            public void contentionEnd(long now, TracedLock traceLock, TracedTask task, LockMode mode) {
                traced.add(task.name() + " has waited to " + mode + " @" + now);
            }

            @Override
            public void lockAcquired(long now, TracedLock traceLock, TracedTask task, LockMode mode, long waitedNs) {
                traced.add(task.name() + " has it to " + mode + " after " + waitedNs + " @" + now);
            }

            @Override
            public void lockReleased(long now, TracedLock traceLock, TracedTask task, LockMode mode) {
                traced.add(task.name() + " releases it @" + now);
            }
        });
        return traced;
    }

    @Test
    void waitingAndTakingAreTraced() {
        List<String> traced = traced();
        sleepingWriter("holder", 0, MS);
        reader("reader", 100 * US, 100);

        machine.run();

        assertThat(traced).containsExactly("holder has it to WRITE after 0 @0", "reader queues to READ @100000",
                "holder releases it @1000000", "reader has waited to READ @1000000",
                "reader has it to READ after 900000 @1000000", "reader releases it @1000100");
    }

    /// As `lockdep` knows of it, though the kernel calls no `lock_acquired`.
    @Test
    void takingByTryingIsTraced() {
        List<String> traced = traced();
        machine.spawn("reader", task -> {
            assertThat(lock.downReadTrylock(task)).isTrue();
            assertThat(lock.isGotByTrying()).isTrue();
            lock.upRead(task);
        });
        machine.spawn("writer", task -> {
            task.sleepUntil(100);
            assertThat(lock.downWriteTrylock(task)).isTrue();
            lock.upWrite(task);
            lock.downWrite(task);
            assertThat(lock.isGotByTrying()).isFalse();
            lock.upWrite(task);
        });

        machine.run();

        assertThat(traced).containsExactly("reader has it to READ after 0 @0", "reader releases it @0",
                "writer has it to WRITE after 0 @100", "writer releases it @100",
                "writer has it to WRITE after 0 @100", "writer releases it @100");
    }

    /// Each core gets the lock's cache line after those that asked before.
    @Test
    void coresThatAskAtOnceGetTheLineOneAfterTheOther() {
        SimulatedMachine own = new SimulatedMachine(CostModel.defaults(), 1024, 1024, 1024);
        RwSemaphore semaphore = semaphore(own);
        long[] took = new long[3];
        for (int cpu = 0; cpu < 3; cpu++) {
            int index = cpu;
            own.spawn("t" + cpu, TaskAttributes.normal(0, CpuSet.parse("" + cpu)), task -> {
                task.sleepUntil(MS);
                long began = task.now();
                semaphore.downRead(task);
                took[index] = task.now() - began;
                semaphore.upRead(task);
            });
        }

        own.run();

        long transfer = own.costs.ns(Cost.LOCK_TRANSFER);
        assertThat(took[1] - took[0]).isBetween(transfer, 2 * transfer);
        assertThat(took[2] - took[1]).isGreaterThanOrEqualTo(transfer);
    }

    @Test
    void writeTrylockTakesAFreeLockOnly() {
        reader("reader", 0, MS);
        machine.spawn("try", task -> {
            task.sleepUntil(100);
            machine.log(task, "got " + lock.downWriteTrylock(task));
            task.sleepUntil(2 * MS);
            machine.log(task, "got " + lock.downWriteTrylock(task));
            assertThat(lock.isWriteHeldBy(task)).isTrue();
            assertThat(lock.downReadTrylock(task)).isFalse();
            lock.upWrite(task);
        });

        machine.run();

        assertThat(machine.log).containsExactly("reader reads @0", "try got false @100", "try got true @2000000");
    }

    @Test
    void releasingWhatAnotherHoldsIsReported() {
        SimulatedMachine own = SimulatedMachine.withCores(2);
        RwSemaphore semaphore = semaphore(own);
        own.spawn("holder", task -> {
            semaphore.downWrite(task);
            task.sleepUntil(MS);
        });
        own.spawn("other", task -> {
            task.sleepUntil(100);
            semaphore.upWrite(task);
        });

        assertThatThrownBy(own::run).hasMessageContaining("write-unlock by a task that is not the writer: other");
    }

    @Test
    void readersBehindAWriterThatIsKilledAreLetIn() {
        sleepingReader("first", 0, 10 * MS);
        Task killed = machine.spawn("killed", task -> {
            task.sleepUntil(MS);
            assertThat(lock.downWriteKillable(task)).isFalse();
        });
        reader("behind", 2 * MS, US);
        machine.spawn("killer", task -> {
            task.sleepUntil(5 * MS);
            killed.kill(task);
        });

        machine.run();

        assertThat(machine.log).containsExactly("first reads @0", "behind reads @5000000");
    }

    @Test
    void killedTaskTakesAFreeLockAllTheSame() {
        machine.spawn("killed", task -> {
            task.kill(null);
            assertThat(lock.downReadKillable(task)).isTrue();
            lock.upRead(task);
        });

        machine.run();
    }
}
