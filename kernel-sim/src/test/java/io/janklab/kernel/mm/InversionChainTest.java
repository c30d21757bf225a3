package io.janklab.kernel.mm;

import static io.janklab.kernel.uapi.Mman.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.check.KernelFixture;
import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.page.VmStat;
import io.janklab.kernel.trace.FaultPath;
import io.janklab.kernel.trace.LockClass;
import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.TraceListener;
import io.janklab.kernel.trace.TracedLock;
import io.janklab.kernel.trace.TracedTask;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The mechanism that the per-VMA lock was made to prevent: a low-priority madvise holds mmap_lock for reading, a writer queues behind it,
/// and the UI thread's page fault queues behind the writer (reference §13.1, seed 001).
class InversionChainTest {
    private static final long PAGE = Addresses.PAGE_SIZE;
    private static final int ANON_FIXED = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
    private static final long HEAP = 0x5000_0000_0000L;
    private static final long STACK = 0x6000_0000_0000L;
    private static final long ELSEWHERE = 0x7000_0000_0000L;
    private static final int HEAP_PAGES = 8192;

    @RegisterExtension
    final KernelFixture kernel = new KernelFixture();

    private final List<String> queued = new ArrayList<>();
    private final List<FaultPath> uiFaults = new ArrayList<>();
    private long uiFaultNs;

    /// The daemon purges its heap on core 0; a mapper maps elsewhere; the UI thread touches a page of its own.
    private void runChain(KernelVersion version) {
        Machine machine = kernel.boot(version);
        machine.run(task -> {
            machine.syscalls.mmap(task, HEAP, HEAP_PAGES * PAGE, PROT_RW, ANON_FIXED);
            machine.syscalls.memory().write(task, HEAP, HEAP_PAGES * PAGE);
            machine.syscalls.mmap(task, STACK, 16 * PAGE, PROT_RW, ANON_FIXED);
            machine.syscalls.memory().write(task, STACK, PAGE);
        });
        machine.attach(listener());
        machine.spawnOn(0, "HeapTaskDaemon", 4, task -> machine.syscalls.madvise(task, HEAP, HEAP_PAGES * PAGE, MADV_DONTNEED));
        machine.spawnOn(1, "mapper", 0, task -> {
            task.compute(50_000);
            machine.syscalls.mmap(task, ELSEWHERE, PAGE, PROT_RW, ANON_FIXED);
        });
        machine.spawnOn(2, "ui", -10, task -> {
            task.compute(200_000);
            long before = task.now();
            machine.syscalls.memory().write(task, STACK + PAGE, PAGE);
            uiFaultNs = task.now() - before;
        });
        machine.run();
    }

    private TraceListener listener() {
        return new TraceListener() {
            @Override
            public void contentionBegin(long now, TracedLock lock, TracedTask task, LockMode mode) {
                if (lock.lockClass() == LockClass.MMAP_LOCK) {
                    queued.add(task.name() + " " + mode.label());
                }
            }

            @Override
            public void pageFault(long now, TracedTask task, long address, boolean write, boolean userMode, FaultPath path,
                    io.janklab.kernel.trace.FaultKind kind, int retries, long beganAt) {
                uiFaults.add(path);
            }
        };
    }

    @Test
    void underMmapLockTheUiThreadQueuesBehindTheWriterBehindTheDaemon() {
        runChain(KernelVersion.V6_1);
        assertThat(queued).containsExactly("mapper write", "ui read");
        assertThat(uiFaults).containsExactly(FaultPath.MMAP_LOCK);
        assertThat(uiFaultNs).as("it waits out the daemon's purge").isGreaterThan(100_000);
    }

    @Test
    void withVmaLockFaultsTheUiThreadPassesThoughTheDaemonStillBlocksTheWriter() {
        runChain(KernelVersion.V6_12);
        assertThat(queued).containsExactly("mapper write");
        assertThat(uiFaults).containsExactly(FaultPath.VMA_LOCK);
        assertThat(uiFaultNs).isLessThan(10_000);
    }

    @Test
    void withVmaLockMadviseNobodyQueues() {
        runChain(KernelVersion.V6_17);
        assertThat(queued).isEmpty();
        assertThat(uiFaults).containsExactly(FaultPath.VMA_LOCK);
        assertThat(uiFaultNs).isLessThan(10_000);
    }

    @Test
    void firstWriteInAFreshVmaMustRetryUnderMmapLockWhileAWriterIsQueued() {
        Machine machine = kernel.boot(KernelVersion.V6_12);
        machine.run(task -> {
            machine.syscalls.mmap(task, HEAP, HEAP_PAGES * PAGE, PROT_RW, ANON_FIXED);
            machine.syscalls.memory().write(task, HEAP, HEAP_PAGES * PAGE);
            machine.syscalls.mmap(task, STACK, 16 * PAGE, PROT_RW, ANON_FIXED);
        });
        machine.attach(listener());
        machine.spawnOn(0, "HeapTaskDaemon", 4, task -> machine.syscalls.madvise(task, HEAP, HEAP_PAGES * PAGE, MADV_DONTNEED));
        machine.spawnOn(1, "mapper", 0, task -> {
            task.compute(50_000);
            machine.syscalls.mmap(task, ELSEWHERE, PAGE, PROT_RW, ANON_FIXED);
        });
        machine.spawnOn(2, "ui", -10, task -> {
            task.compute(200_000);
            machine.syscalls.memory().write(task, STACK, PAGE);
        });
        machine.run();
        assertThat(uiFaults).containsExactly(FaultPath.MMAP_LOCK_AFTER_RETRY);
        assertThat(machine.memory.vmstat().get(VmStat.Item.VMA_LOCK_RETRY)).isEqualTo(1);
    }

    @Test
    void purgeOfAVmaStillBlocksAWriterOfThatVmaAndEverybodyBehindIt() {
        Machine machine = kernel.boot(KernelVersion.V6_17);
        List<String> vmaWaits = new ArrayList<>();
        machine.run(task -> {
            machine.syscalls.mmap(task, HEAP, HEAP_PAGES * PAGE, PROT_RW, ANON_FIXED);
            machine.syscalls.memory().write(task, HEAP, HEAP_PAGES * PAGE);
        });
        machine.attach(listener());
        machine.attach(new TraceListener() {
            @Override
            public void lockWait(long now, TracedLock lock, TracedTask task, LockMode mode) {
                if (lock.lockClass() == LockClass.VMA_LOCK) {
                    vmaWaits.add(task.name() + " " + mode.label());
                }
            }
        });
        machine.spawnOn(0, "HeapTaskDaemon", 4, task -> machine.syscalls.madvise(task, HEAP, HEAP_PAGES * PAGE, MADV_DONTNEED));
        machine.spawnOn(1, "grower", 0, task -> {
            task.compute(50_000);
            machine.syscalls.mmap(task, HEAP + HEAP_PAGES * PAGE, PAGE, PROT_RW, ANON_FIXED);
        });
        machine.spawnOn(2, "ui", -10, task -> {
            task.compute(200_000);
            machine.syscalls.copyToUser(task, HEAP, 1);
        });
        machine.run();
        assertThat(vmaWaits).containsExactly("grower write");
        assertThat(queued).as("mmap_lock is held by the waiting writer").containsExactly("ui read");
    }
}
