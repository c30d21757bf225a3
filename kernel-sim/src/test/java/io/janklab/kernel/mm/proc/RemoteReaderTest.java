package io.janklab.kernel.mm.proc;

import static io.janklab.kernel.uapi.Mman.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.Process;
import io.janklab.kernel.check.KernelFixture;
import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.cpu.CpuSet;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.TaskAttributes;
import io.janklab.kernel.trace.LockClass;
import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.TraceListener;
import io.janklab.kernel.trace.TracedLock;
import io.janklab.kernel.trace.TracedTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The three ways to read another process's memory, side by side: their cost to that process's UI thread.
///
/// The argument of "mm: __access_remote_vm with per-VMA lock" (Rik van Riel, June 2026) and of Lorenzo Stoakes's reply: mmap_lock is "a
/// heavy and often badly contended hammer"; page tables are freed under RCU, so nothing needs interrupts disabled.
class RemoteReaderTest {
    private static final long MIB = 1L << 20;
    private static final int ANON = MAP_PRIVATE | MAP_ANONYMOUS;

    @RegisterExtension
    final KernelFixture kernel = new KernelFixture();

    /// The UI thread's waits (ns), and the interrupts it had to send.
    private static final class Toll implements TraceListener {
        long waitedForMmapLock;
        long longestWait;
        int ipiRounds;

        @Override
        public void lockAcquired(long now, TracedLock lock, TracedTask task, LockMode mode, long waitedNs) {
            if (task.name().equals("ui") && lock.lockClass() == LockClass.MMAP_LOCK) {
                waitedForMmapLock += waitedNs;
                longestWait = Math.max(longestWait, waitedNs);
            }
        }

        @Override
        public void ipi(long now, TracedTask sender, int cpus, String callback, long beganAt) {
            ipiRounds++;
        }
    }

    private Toll run(String lock) {
        KernelProfile profile = KernelProfile.of(KernelVersion.V7_2, Architecture.ARM64).with(Switch.REMOTE_ACCESS_LOCK, lock);
        Machine machine = kernel.boot(profile, Architecture.ARM64);
        long[] heap = new long[1];
        machine.run(task -> {
            heap[0] = machine.syscalls.mmap(task, 0, 8 * MIB, PROT_RW, ANON);
            machine.syscalls.memory().write(task, heap[0], 8 * MIB);
        });
        Toll toll = new Toll();
        machine.attach(toll);
        boolean[] done = new boolean[1];
        machine.spawnOn(0, "ui", -10, task -> {
            useMemory(machine, task);
            done[0] = true;
        });
        Process profiler = machine.kernel.createProcess("profiler");
        profiler.spawn("reader", TaskAttributes.normal(10, new CpuSet(0b10)), task -> {
            while (!done[0]) {
                assertThat(profiler.syscalls().readProcMem(task, machine.mm.tgid(), heap[0], 4 * MIB)).isEqualTo(4 * MIB);
            }
        });
        // Other work on the reader's core, more important than it, takes turns with it.
        profiler.spawn("worker", TaskAttributes.normal(0, new CpuSet(0b10)), task -> {
            while (!done[0]) {
                task.compute(2_000_000);
            }
        });
        machine.run();
        return toll;
    }

    /// Maps, fills and unmaps something of its own, page tables included.
    private static void useMemory(Machine machine, Task task) {
        for (int i = 0; i < 100; i++) {
            long buffer = machine.syscalls.mmap(task, 0x1000_0000_0000L, 2 * MIB, PROT_RW, ANON | MAP_FIXED);
            machine.syscalls.memory().write(task, buffer, 64 << 10);
            assertThat(machine.syscalls.munmap(task, buffer, 2 * MIB)).isZero();
            task.sleepUntil(task.now() + 50_000);
        }
    }

    @Test
    void mmapLockMakesTheUiThreadWaitAndTheVmaLockDoesNot() {
        Toll mmap = run("mmap");
        Toll irqOff = run("vma-irq-off");
        Toll rcu = run("vma-rcu");

        // It waits for time slices, not for the few microseconds the lock is wanted: the reader is preempted while it holds it.
        assertThat(mmap.longestWait).as("UI thread's longest wait for mmap_lock (ns)").isGreaterThan(1_000_000);
        assertThat(irqOff.waitedForMmapLock).as("under vma-irq-off").isZero();
        assertThat(rcu.waitedForMmapLock).as("under vma-rcu").isZero();
    }

    @Test
    void neitherGuardCostsAnIpiRound() {
        assertThat(run("mmap").ipiRounds).isZero();
        assertThat(run("vma-rcu").ipiRounds).isZero();
        assertThat(run("vma-irq-off").ipiRounds).isZero();
    }
}
