package io.janklab.kernel.mm.proc;

import static io.janklab.kernel.uapi.Mman.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.check.KernelFixture;
import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.LockLog;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.trace.TraceListener;
import io.janklab.kernel.trace.TracedTask;
import io.janklab.kernel.uapi.Errno;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RemoteAccessTest {
    private static final long PAGE = Addresses.PAGE_SIZE;
    private static final int ANON = MAP_PRIVATE | MAP_ANONYMOUS;

    @RegisterExtension
    final KernelFixture kernel = new KernelFixture();

    private Machine boot(String lock) {
        return kernel.boot(KernelProfile.of(KernelVersion.V7_2, Architecture.ARM64).with(Switch.REMOTE_ACCESS_LOCK, lock),
                Architecture.ARM64);
    }

    private static long heap(Machine machine, Task task, long length) {
        long heap = machine.syscalls.mmap(task, 0, length, PROT_RW, ANON);
        machine.syscalls.memory().write(task, heap, length);
        return heap;
    }

    /// As a debugger does.
    private static long readRemotely(Machine machine, Task task, long address, long length) {
        return machine.kernel.addressSpaces().remoteAccess().read(task, machine.mm, address, length);
    }

    /// The locks taken to read `length` bytes at `offset` of four pages, the first two of which are present.
    private List<String> locksOfReading(String lock, long offset, long length) {
        Machine machine = boot(lock);
        LockLog locks = new LockLog();
        machine.attach(locks);
        machine.run(task -> {
            long heap = machine.syscalls.mmap(task, 0, 4 * PAGE, PROT_RW, ANON);
            machine.syscalls.memory().write(task, heap, 2 * PAGE);
            locks.clear();
            assertThat(readRemotely(machine, task, heap + offset, length)).isEqualTo(length);
        });
        return locks.taken();
    }

    @Test
    void productionKernelsTakeMmapLock() {
        assertThat(locksOfReading("mmap", 0, 2 * PAGE)).containsExactly("mmap_lock read");
    }

    @Test
    void processVmReadvPinsAThousandPagesAtATimeAndCopiesThemWithoutTheLock() {
        Machine machine = boot("mmap");
        LockLog locks = new LockLog();
        machine.attach(locks);
        machine.run(task -> {
            long length = 2_100 * PAGE;
            long heap = heap(machine, task, length);
            locks.clear();
            assertThat(machine.syscalls.processVmReadv(task, machine.mm.tgid(), heap, length)).isEqualTo(length);
            assertThat(locks.taken()).containsExactly("mmap_lock read", "mmap_lock read", "mmap_lock read");
            locks.clear();
            assertThat(machine.kernel.addressSpaces().remoteAccess().read(task, machine.mm, heap, length)).isEqualTo(length);
            assertThat(locks.taken()).as("access_remote_vm").containsExactly("mmap_lock read");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"vma-irq-off", "vma-rcu"})
    void presentPagesAreReadUnderTheVmaLockOneByOne(String lock) {
        assertThat(locksOfReading(lock, 100, PAGE)).containsExactly("vma_lock read", "vma_lock read");
    }

    @ParameterizedTest
    @ValueSource(strings = {"vma-irq-off", "vma-rcu"})
    void missingPagesFallBackToMmapLock(String lock) {
        assertThat(locksOfReading(lock, 2 * PAGE, 1)).containsExactly("vma_lock read", "mmap_lock read");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mmap", "vma-irq-off", "vma-rcu"})
    void readingEndsWhereNothingIsReadable(String lock) {
        Machine machine = boot(lock);
        machine.run(task -> {
            long heap = heap(machine, task, 2 * PAGE);
            assertThat(machine.syscalls.munmap(task, heap + PAGE, PAGE)).isZero();
            int app = machine.mm.tgid();
            assertThat(machine.syscalls.processVmReadv(task, app, heap + 10, 2 * PAGE)).isEqualTo(PAGE - 10);
            assertThat(machine.syscalls.processVmReadv(task, app, heap + PAGE, 1)).isEqualTo(-Errno.EFAULT);
            assertThat(machine.syscalls.processVmReadv(task, 4711, heap, 1)).isEqualTo(-Errno.ESRCH);
        });
    }

    /// The walk takes the page-table lock. A task that holds that lock and flushes TLBs by IPI (`ptep_clear_flush`) waits for every core
    /// that runs the process; one that spins for the lock with interrupts off never answers. gup_fast, which the proposal follows, takes no
    /// lock.
    @Test
    void readingOnesOwnMemoryWithInterruptsOffCanDeadlockWithAFlushAndUnderRcuItCannot() {
        assertThat(deadlocks("vma-irq-off")).isPositive();
        assertThat(deadlocks("vma-rcu")).isZero();
    }

    /// In how many of many interleavings one thread's copy-on-write and another's read of the same page never end.
    private static int deadlocks(String lock) {
        KernelProfile profile = KernelProfile.of(KernelVersion.V7_2, Architecture.X86_64).with(Switch.REMOTE_ACCESS_LOCK, lock);
        int deadlocks = 0;
        for (long delay = 0; delay < 3_000; delay += 50) {
            Machine machine = KernelFixture.bootToBreak(profile, Architecture.X86_64);
            copyWhileReading(machine, delay);
            deadlocks += ends(machine) ? 0 : 1;
        }
        return deadlocks;
    }

    private static void copyWhileReading(Machine machine, long delay) {
        machine.spawnOn(0, "writer", 0, task -> {
            long heap = machine.syscalls.mmap(task, 0, PAGE, PROT_RW, ANON);
            machine.syscalls.memory().read(task, heap, 1);
            long writesAt = task.now() + 50_000;
            machine.spawnOn(1, "reader", 0, other -> {
                other.compute(writesAt + delay - other.now());
                readRemotely(machine, other, heap, 1);
            });
            task.compute(writesAt - task.now());
            machine.syscalls.memory().write(task, heap, 1);
        });
    }

    private static boolean ends(Machine machine) {
        try {
            machine.run();
            return true;
        } catch (IllegalStateException stuck) {
            return false;
        }
    }

    @Test
    void cmdlineIsReadAPageAtATime() {
        Machine machine = boot("mmap");
        LockLog locks = new LockLog();
        machine.attach(locks);
        machine.run(task -> {
            long stack = heap(machine, task, 2 * PAGE);
            machine.mm.setArguments(stack + PAGE - 20, stack + PAGE + 30);
            locks.clear();
            assertThat(machine.syscalls.readCmdline(task, machine.mm.tgid())).isEqualTo(50);
        });
        assertThat(locks.taken()).containsExactly("mmap_lock read", "mmap_lock read");
    }

    /// With interrupts off, too, a walk is a read section of RCU: the grace period waits for it.
    @ParameterizedTest
    @ValueSource(strings = {"mmap", "vma-rcu", "vma-irq-off"})
    void freeingTablesInterruptsNobody(String lock) {
        assertThat(ipisOfFreeingATable(lock).rounds).isZero();
    }

    private IpiLog ipisOfFreeingATable(String lock) {
        Machine machine = boot(lock);
        IpiLog ipis = new IpiLog();
        machine.attach(ipis);
        machine.run(task -> {
            long heap = heap(machine, task, Addresses.PMD_SIZE);
            assertThat(machine.syscalls.madvise(task, heap, Addresses.PMD_SIZE, MADV_DONTNEED)).isZero();
        });
        return ipis;
    }

    private static final class IpiLog implements TraceListener {
        int rounds;

        @Override
        public void ipi(long now, TracedTask sender, int cpus, String callback, long beganAt) {
            rounds++;
        }
    }
}
