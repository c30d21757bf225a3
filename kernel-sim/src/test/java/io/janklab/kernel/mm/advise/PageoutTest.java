package io.janklab.kernel.mm.advise;

import static io.janklab.kernel.uapi.Mman.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.cpu.CpuSet;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.TaskAttributes;
import io.janklab.kernel.mm.AddressSpaceCase;
import io.janklab.kernel.mm.table.Pte;
import io.janklab.kernel.mm.table.PteTable;
import io.janklab.kernel.trace.LockClass;
import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.MadvisePath;
import io.janklab.kernel.trace.TraceListener;
import io.janklab.kernel.trace.TracedLock;
import io.janklab.kernel.trace.TracedTask;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// MADV_COLD and MADV_PAGEOUT: what they do to accessed bits, and to folios that are on no list (`madvise_cold_or_pageout_pte_range`).
@Execution(ExecutionMode.CONCURRENT)
class PageoutTest extends AddressSpaceCase {
    private static final int TABLE = 512;

    private static boolean isYoung(Machine machine) {
        return Pte.has(machine.mm.ptes().peek(HEAP), Pte.YOUNG);
    }

    /// "mm: madvise: pageout: ignore references rather than clearing young".
    @Test
    void pageoutLeavesAccessedBitsAloneSince69() {
        assertThat(isYoungAfterPageoutWithoutSwap(KernelVersion.V6_6)).isFalse();
        assertThat(isYoungAfterPageoutWithoutSwap(KernelVersion.V6_12)).isTrue();
    }

    /// No swap: the page stays.
    private boolean isYoungAfterPageoutWithoutSwap(KernelVersion version) {
        Machine[] machine = new Machine[1];
        boolean[] young = new boolean[1];
        machine[0] = withHeap(version, 1, 1, (booted, task) -> {
            booted.memory.batches().drainAll();
            booted.syscalls.madvise(task, HEAP, PAGE, MADV_PAGEOUT);
            young[0] = isYoung(booted);
        });
        return young[0];
    }

    @Test
    void before69APageUsedAgainMeanwhileIsKept() {
        assertThat(isPagedOutThoughUsedMeanwhile(KernelVersion.V6_6)).isFalse();
        assertThat(isPagedOutThoughUsedMeanwhile(KernelVersion.V6_12)).isTrue();
    }

    /// Used once the page's entry has been looked at: when the first folio of its table is locked for reclaim.
    private boolean isPagedOutThoughUsedMeanwhile(KernelVersion version) {
        Machine machine = kernel.boot(version);
        machine.memory.swapOn(1 << 20, 2);
        machine.attach(new TraceListener() {
            @Override
            public void lockAcquired(long now, TracedLock lock, TracedTask task, LockMode mode, long waitedNs) {
                if (lock.lockClass() == LockClass.FOLIO) {
                    PteTable table = Objects.requireNonNull(machine.mm.pageTable().find(HEAP));
                    table.update(1, table.get(1) | (Pte.isSwap(table.get(1)) ? 0 : Pte.YOUNG));
                }
            }
        });
        machine.run(task -> {
            machine.syscalls.mmap(task, HEAP, 2 * PAGE, PROT_RW, ANON_FIXED);
            machine.syscalls.memory().write(task, HEAP, 2 * PAGE);
            machine.memory.batches().drainAll();
            machine.syscalls.madvise(task, HEAP, 2 * PAGE, MADV_PAGEOUT);
        });
        return Pte.isSwap(machine.mm.ptes().peek(HEAP + PAGE));
    }

    /// `folio_test_lru`: another task has isolated it, or it is in another core's batch.
    @Test
    void aFolioOnNoListKeepsItsAccessedBit() {
        withHeap(KernelVersion.V6_17, 1, 1, (machine, task) -> {
            machine.memory.batches().drainAll();
            int frame = machine.mm.frameAt(HEAP);
            machine.memory.lru().isolate(frame);
            machine.syscalls.madvise(task, HEAP, PAGE, MADV_COLD);
            assertThat(isYoung(machine)).isTrue();
            machine.memory.batches().putBack(frame);
            machine.syscalls.madvise(task, HEAP, PAGE, MADV_COLD);
            assertThat(isYoung(machine)).isFalse();
        });
    }

    /// `fatal_signal_pending`, once a table.
    @Test
    void aKilledTaskLooksAtNoFurtherTable() {
        Machine machine = kernel.boot(
                KernelProfile.of(KernelVersion.V6_17, Architecture.ARM64), Architecture.ARM64, CostModel.free().with(Cost.FREE_PTE, 1_000));
        long[] seen = new long[2];
        machine.attach(new TraceListener() {
            @Override
            public void madvise(long now, TracedTask task, int advice, long start, long length, String vma, MadvisePath path, long result,
                    long beganAt) {
                seen[0] = machine.mm.ptes().peek(HEAP);
                seen[1] = machine.mm.ptes().peek(HEAP + TABLE * PAGE);
            }
        });
        Task victim = machine.spawnOn(0, "victim", 0, task -> {
            machine.syscalls.mmap(task, HEAP, 2 * TABLE * PAGE, PROT_RW, ANON_FIXED);
            machine.syscalls.memory().write(task, HEAP, 2 * TABLE * PAGE);
            machine.memory.batches().drainAll();
            machine.syscalls.madvise(task, HEAP, 2 * TABLE * PAGE, MADV_COLD);
        });
        machine.kernel.createProcess("killer").spawn("killer", TaskAttributes.normal(0, new CpuSet(2)), task -> {
            task.sleepUntil(100_000);
            victim.kill(task);
        });
        machine.run();
        assertThat(Pte.has(seen[0], Pte.YOUNG)).isFalse();
        assertThat(Pte.has(seen[1], Pte.YOUNG)).isTrue();
    }
}
