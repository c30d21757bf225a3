package io.janklab.kernel.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.janklab.kernel.SimulatedMachine;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.trace.LockClass;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VmaLockTest {
    private static final long MS = 1_000_000;

    private final SimulatedMachine machine = SimulatedMachine.withCores(4);
    private final RwSemaphore mmapLock = new RwSemaphore(machine.locking, LockClass.MMAP_LOCK, "app");
    private final MmLockSequence mm = new MmLockSequence(machine.locking, KernelProfile.of(KernelVersion.V6_17, Architecture.ARM64));
    private final VmaLock heap = vma("heap");
    private final VmaLock other = vma("other");

    private VmaLock vma(String name) {
        return vma(mm, name);
    }

    private static VmaLock vma(MmLockSequence mm, String name) {
        VmaLock lock = new VmaLock(mm) {
            @Override
            public String name() {
                return name;
            }
        };
        lock.markAttached();
        return lock;
    }

    private void writeLockMm(Task task) {
        mmapLock.downWrite(task);
        mm.begin();
    }

    private void writeUnlockMm(Task task) {
        task.settle();
        mm.end(task);
        mmapLock.upWrite(task);
    }

    private boolean tryRead(Task task, VmaLock vma) {
        return vma.startRead(task, mm) == ReadAttempt.LOCKED;
    }

    private void endRead(Task task, VmaLock vma) {
        vma.endRead(task);
    }

    private void startWrite(Task task, VmaLock vma) {
        vma.startWrite(task);
    }

    @Test
    void readerOfAnotherVmaSucceedsWhileMmapLockIsWriteHeld() {
        machine.spawn("writer", task -> {
            writeLockMm(task);
            startWrite(task, other);
            task.sleepUntil(MS);
            writeUnlockMm(task);
        });
        machine.spawn("reader", task -> {
            task.sleepUntil(100);
            machine.log(task, "heap " + tryRead(task, heap) + ", other " + tryRead(task, other));
            endRead(task, heap);
        });

        machine.run();

        assertThat(machine.log).containsExactly("reader heap true, other false @100");
    }

    @Test
    void writerSleepsUninterruptiblyUntilReadersHaveLeft() {
        machine.spawn("reader", task -> {
            tryRead(task, heap);
            task.sleepUntil(MS);
            endRead(task, heap);
        });
        Task writer = machine.spawn("writer", task -> {
            task.sleepUntil(100);
            writeLockMm(task);
            startWrite(task, heap);
            machine.log(task, "writes");
            writeUnlockMm(task);
        });
        List<String> states = new ArrayList<>();
        machine.spawn("observer", task -> {
            task.sleepUntil(1_000);
            states.add(writer.state().letter());
        });

        machine.run();

        assertThat(states).containsExactly("D");
        assertThat(machine.log).containsExactly("writer writes @1000000");
    }

    @Test
    void waitingWriterKeepsNewReadersOut() {
        machine.spawn("reader", task -> {
            tryRead(task, heap);
            task.sleepUntil(MS);
            endRead(task, heap);
        });
        machine.spawn("writer", task -> {
            task.sleepUntil(100);
            writeLockMm(task);
            startWrite(task, heap);
            writeUnlockMm(task);
        });
        machine.spawn("late", task -> {
            task.sleepUntil(1_000);
            machine.log(task, "got it: " + tryRead(task, heap));
        });

        machine.run();

        assertThat(machine.log).containsExactly("late got it: false @1000");
    }

    @Test
    void allWriteLocksEndWithMmapLock() {
        machine.spawn("writer", task -> {
            writeLockMm(task);
            startWrite(task, heap);
            startWrite(task, other);
            startWrite(task, heap);
            assertThat(heap.isWriteLocked() && other.isWriteLocked()).isTrue();
            writeUnlockMm(task);
            assertThat(heap.isWriteLocked() || other.isWriteLocked()).isFalse();
            assertThat(task.held().count()).isZero();
        });

        machine.run();
    }

    @Test
    void detachedVmaCannotBeReadLocked() {
        machine.spawn("t", task -> {
            writeLockMm(task);
            startWrite(task, heap);
            heap.markDetached(task);
            writeUnlockMm(task);
            assertThat(tryRead(task, heap)).isFalse();
        });

        machine.run();
    }

    @Test
    void waitingForMmapLockWhileHoldingAVmaReadLockIsReported() {
        machine.spawn("t", task -> {
            tryRead(task, heap);
            mmapLock.downRead(task);
        });

        assertThatThrownBy(machine::run).hasMessageContaining("lock order violated");
    }

    @Test
    void writingAVmaThatOneReadsIsReported() {
        machine.spawn("t", task -> {
            writeLockMm(task);
            tryRead(task, heap);
            startWrite(task, heap);
        });

        assertThatThrownBy(machine::run).hasMessageContaining("possible recursive locking");
    }

    @Test
    void vmaThatIsFreedIsWriteLockedNoLonger() {
        machine.spawn("writer", task -> {
            writeLockMm(task);
            startWrite(task, heap);
            startWrite(task, other);
            heap.endWrite(task);
            assertThat(task.held().count()).as("mmap_lock and the other VMA").isEqualTo(2);
            writeUnlockMm(task);
            assertThat(task.held().count()).isZero();
        });

        machine.run();
    }

    /// `vma_start_read_locked`.
    @Test
    void readerUnderMmapLockIsInAtOnceAndKeepsWritersWaiting() {
        machine.spawn("reader", task -> {
            mmapLock.downRead(task);
            heap.readLockUnderMmapLock(task);
            mmapLock.upRead(task);
            task.sleepUntil(MS);
            endRead(task, heap);
        });
        machine.spawn("writer", task -> {
            task.sleepUntil(100);
            writeLockMm(task);
            startWrite(task, heap);
            machine.log(task, "writes");
            writeUnlockMm(task);
        });

        machine.run();

        assertThat(machine.log).containsExactly("writer writes @1000000");
    }

    /// `mmap_lock_speculate_try_begin` and `mmap_lock_speculate_retry`.
    @Test
    void speculationFailsUnderAWriterAndSeesOneThatHasComeAndGone() {
        machine.spawn("reader", task -> {
            int seen = mm.speculate(task);
            assertThat(mm.isStill(seen)).isTrue();
            writeLockMm(task);
            assertThat(mm.speculate(task)).isNegative();
            assertThat(mm.isStill(seen)).isFalse();
            writeUnlockMm(task);
            assertThat(mm.isStill(seen)).isFalse();
            assertThat(mm.speculate(task)).isGreaterThan(seen);
        });

        machine.run();
    }

    @Test
    void whatIsOwedIsPaidBeforeSpeculation() {
        machine.spawn("reader", task -> {
            task.charge(100);
            machine.log(task, "may: " + (mm.speculate(task) >= 0));
        });
        machine.spawn("writer", task -> {
            task.sleepUntil(50);
            writeLockMm(task);
            task.sleepUntil(200);
            writeUnlockMm(task);
        });

        machine.run();

        assertThat(machine.log).containsExactly("reader may: false @100");
    }

    @Test
    void taskThatWaitsForTheWriterOfMmapLockSleepsUntilItsEnd() {
        machine.spawn("writer", task -> {
            writeLockMm(task);
            task.sleepUntil(MS);
            writeUnlockMm(task);
        });
        machine.spawn("waiter", task -> {
            task.sleepUntil(100);
            mm.awaitWriter(task);
            machine.log(task, "goes on");
            mm.awaitWriter(task);
            machine.log(task, "goes on");
        });

        machine.run();

        assertThat(machine.log).containsExactly("waiter goes on @1000000", "waiter goes on @1000000");
    }

    @Test
    void whatIsOwedIsPaidBeforeTheWriterIsLookedFor() {
        machine.spawn("waiter", task -> {
            task.charge(100);
            mm.awaitWriter(task);
            machine.log(task, "goes on");
        });
        machine.spawn("writer", task -> {
            task.sleepUntil(50);
            writeLockMm(task);
            task.sleepUntil(200);
            writeUnlockMm(task);
        });

        machine.run();

        assertThat(machine.log).containsExactly("waiter goes on @200");
    }

    /// A reader for `readerNs`, a writer of the rwsem form 100 ns later, and a task that reads again meanwhile.
    private void writeInRwsemForm(long readerNs, long laterReadAt) {
        MmLockSequence rwsemForm = new MmLockSequence(machine.locking, KernelProfile.of(KernelVersion.V6_12, Architecture.ARM64));
        VmaLock vma = vma(rwsemForm, "heap");
        machine.spawn("reader", task -> {
            vma.startRead(task, rwsemForm);
            task.sleepUntil(readerNs);
            vma.endRead(task);
        });
        Task writer = machine.spawn("writer", task -> {
            task.sleepUntil(100);
            mmapLock.downWrite(task);
            rwsemForm.begin();
            vma.startWrite(task);
            machine.log(task, "writes");
            rwsemForm.end(task);
            mmapLock.upWrite(task);
        });
        machine.spawn("late", task -> {
            task.sleepUntil(laterReadAt);
            boolean got = vma.startRead(task, rwsemForm) == ReadAttempt.LOCKED;
            machine.log(task, (got ? "reads" : "is kept out") + ", writer in " + writer.state().letter());
            if (got) {
                vma.endRead(task);
            }
        });
        machine.run();
    }

    @Test
    void rwsemFormSpinsForAShortReaderAndAdmitsOthersMeanwhile() {
        writeInRwsemForm(8_000, 5_000);
        assertThat(machine.log).containsExactly("late reads, writer in R @5000", "writer writes @8000");
    }

    @Test
    void rwsemFormSleepsForALongReaderAndKeepsOthersOut() {
        writeInRwsemForm(MS, 50_000);
        assertThat(machine.log).containsExactly("late is kept out, writer in D @50000", "writer writes @1000000");
    }
}
