package io.janklab.kernel.mm.fault;

import static io.janklab.kernel.uapi.Mman.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.Process;
import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.cpu.CpuSet;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.TaskAttributes;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.space.VirtualFile;
import io.janklab.kernel.trace.LockClass;
import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.TraceListener;
import io.janklab.kernel.trace.TracedLock;
import io.janklab.kernel.trace.TracedTask;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What a fault holds while it waits for another task's folio, and what ends the wait.
class FolioWaitTest extends FileFixture {
    private static final int ANON = MAP_PRIVATE | MAP_ANONYMOUS;
    private static final long HELD_NS = 1_000_000;

    /// Locks the folio at `address` for a millisecond, from another core; `meanwhile` begins a tenth of that later.
    private static void whileLocked(Machine machine, Task task, long address, Runnable meanwhile) {
        int frame = machine.memory.folios().head(machine.mm.frameAt(address));
        machine.spawnOn(2, "holder", 0, holder -> {
            machine.memory.folioLocks().lock(holder, frame);
            holder.sleepUntil(holder.now() + HELD_NS);
            machine.memory.folioLocks().unlock(holder, frame);
        });
        task.sleepUntil(task.now() + HELD_NS / 10);
        meanwhile.run();
    }

    /// How long munmap of the page takes that starts once a fault there waits.
    private static long[] unmapsFrom(Machine machine, Task task, long address) {
        long[] took = new long[1];
        machine.spawnOn(1, "unmapper", 0, other -> {
            other.sleepUntil(task.now() + HELD_NS / 10);
            long began = other.now();
            machine.syscalls.munmap(other, address, PAGE);
            took[0] = other.now() - began;
        });
        return took;
    }

    /// `do_huge_pmd_wp_page`: `folio_lock` once the page table's lock is released, not the fault's.
    @Test
    void aWriteToAHugePageThatForkHasSharedWaitsForItsFolioWithTheFaultsLockHeld() {
        Machine machine = boot(KernelVersion.V7_2);
        long[] faulted = new long[1];
        long[][] unmapping = new long[1][];
        machine.run(task -> {
            long heap = machine.syscalls.mmap(task, 0, Addresses.PMD_SIZE, PROT_RW, ANON);
            machine.syscalls.madvise(task, heap, Addresses.PMD_SIZE, MADV_HUGEPAGE);
            machine.syscalls.memory().write(task, heap, 1);
            machine.process.fork(task, "child", (process, self) -> {});
            task.sleepUntil(task.now() + 20 * HELD_NS);
            whileLocked(machine, task, heap, () -> {
                unmapping[0] = unmapsFrom(machine, task, heap);
                long began = task.now();
                machine.syscalls.memory().write(task, heap, 1);
                faulted[0] = task.now() - began;
            });
        });
        assertThat(faulted[0]).isBetween(HELD_NS / 2, HELD_NS);
        assertThat(unmapping[0][0]).as("waits for the fault's lock").isGreaterThan(HELD_NS / 2);
    }

    /// `shmem_get_folio_gfp`: `folio_lock`, whatever the attempt; `filemap_fault` releases the fault's lock first.
    @Test
    void aFaultOnSharedMemoryWaitsWithItsLockHeldAndOneOnAFileWithout() {
        assertThat(unmapsBesideAFaultOn(true)).isGreaterThan(HELD_NS / 2);
        assertThat(unmapsBesideAFaultOn(false)).isLessThan(HELD_NS / 2);
    }

    private long unmapsBesideAFaultOn(boolean shared) {
        Machine machine = boot(KernelVersion.V7_2);
        VirtualFile file = cachedFile(machine);
        long[][] unmapping = new long[1][];
        machine.run(task -> {
            long memory = shared
                    ? machine.syscalls.mmap(task, 0, 4 * PAGE, PROT_RW, MAP_SHARED | MAP_ANONYMOUS)
                    : machine.syscalls.mmap(task, 0, 4 * PAGE, PROT_RW, MAP_SHARED, file, 0);
            machine.syscalls.memory().write(task, memory, 1);
            whileLocked(machine, task, memory, () -> {
                machine.syscalls.madvise(task, memory, PAGE, MADV_DONTNEED);
                unmapping[0] = unmapsFrom(machine, task, memory + PAGE);
                machine.syscalls.memory().write(task, memory, 1);
            });
        });
        return unmapping[0][0];
    }

    /// FAULT_FLAG_KILLABLE: on the second attempt a fault waits with mmap_lock held, but not longer than its process lives.
    @ParameterizedTest
    @EnumSource(value = KernelVersion.class, names = {"V6_1", "V7_2"})
    void sigkillEndsASecondWaitForAFolio(KernelVersion version) {
        Machine machine = boot(version);
        VirtualFile file = cachedFile(machine);
        Process process = machine.kernel.createProcess("victim");
        List<Long> released = new ArrayList<>();
        machine.attach(new TraceListener() {
            @Override
            public void lockReleased(long now, TracedLock lock, TracedTask task, LockMode mode) {
                if (lock.lockClass() == LockClass.MMAP_LOCK && task.tgid() == process.tgid()) {
                    released.add(now);
                }
            }
        });
        int frame = file.frame(0);
        machine.spawnOn(2, "holder", 0, holder -> {
            // The end of each wakes the fault, which finds the folio locked again.
            for (int i = 0; i < 4; i++) {
                machine.memory.folioLocks().lock(holder, frame);
                holder.sleepUntil(holder.now() + HELD_NS);
                machine.memory.folioLocks().unlock(holder, frame);
            }
        });
        long[] killedAt = new long[1];
        machine.spawnOn(1, "killer", 0, killer -> {
            killer.sleepUntil(2 * HELD_NS + HELD_NS / 2);
            killedAt[0] = killer.now();
            process.kill(killer);
        });
        process.spawn("victim", TaskAttributes.normal(0, new CpuSet(1)), task -> {
            task.sleepUntil(HELD_NS / 10);
            long text = process.syscalls().mmap(task, 0, PAGE, PROT_READ, MAP_PRIVATE, file, 0);
            process.syscalls().memory().read(task, text, 1);
        });
        machine.run();
        assertThat(released.getLast()).as("at once").isBetween(killedAt[0], killedAt[0] + HELD_NS / 4);
    }
}
