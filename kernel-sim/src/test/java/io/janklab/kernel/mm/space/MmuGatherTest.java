package io.janklab.kernel.mm.space;

import static io.janklab.kernel.uapi.Mman.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.Process;
import io.janklab.kernel.check.KernelFixture;
import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.cpu.CpuSet;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.TaskAttributes;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.trace.TraceListener;
import io.janklab.kernel.trace.TracedTask;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// mmu_gather: batches, forced flushes, and who pays for a flush (reference §6.2).
class MmuGatherTest {
    private static final long PAGE = Addresses.PAGE_SIZE;
    private static final int ANON_FIXED = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
    private static final long HEAP = 0x5000_0000_0000L;
    private static final long WHOLE = -1;

    @RegisterExtension
    final KernelFixture kernel = new KernelFixture();

    private record Flush(long pages, int ipis) {}

    private final List<Flush> flushes = new ArrayList<>();

    private Machine boot(Architecture architecture) {
        return boot(KernelVersion.V6_17, architecture);
    }

    private Machine boot(KernelVersion version, Architecture architecture) {
        Machine machine = kernel.boot(version, architecture);
        machine.attach(new TraceListener() {
            @Override
            public void tlbFlush(long now, TracedTask task, int tgid, long pages, int ipis) {
                flushes.add(new Flush(pages, ipis));
            }
        });
        return machine;
    }

    private List<Flush> dontneed(Architecture architecture, int pages) {
        Machine machine = boot(architecture);
        flushes.clear();
        machine.run(task -> {
            machine.syscalls.mmap(task, HEAP, pages * PAGE, PROT_RW, ANON_FIXED);
            machine.syscalls.memory().write(task, HEAP, pages * PAGE);
            machine.syscalls.madvise(task, HEAP, pages * PAGE, MADV_DONTNEED);
        });
        return List.copyOf(flushes);
    }

    @Test
    void arm64InvalidatesUpTo511PagesOneByOneAndAHugePagesWorthWhole() {
        assertThat(dontneed(Architecture.ARM64, 511)).containsExactly(new Flush(511, 0));
        assertThat(dontneed(Architecture.ARM64, 512)).containsExactly(new Flush(WHOLE, 0));
    }

    /// `flush_pmd_tlb_range`, and `tlb_get_unmap_shift` of a gather without page tables' entries.
    @ParameterizedTest
    @EnumSource(Architecture.class)
    void aHugeMappingTakesOneInvalidation(Architecture architecture) {
        Machine machine = boot(architecture);
        long[] took = new long[2];
        machine.run(task -> {
            machine.syscalls.mmap(task, HEAP, 2 * Addresses.PMD_SIZE, PROT_RW, ANON_FIXED);
            machine.syscalls.madvise(task, HEAP, 2 * Addresses.PMD_SIZE, MADV_HUGEPAGE);
            machine.syscalls.memory().write(task, HEAP, 2 * Addresses.PMD_SIZE);
            flushes.clear();
            machine.syscalls.madvise(task, HEAP, 2 * Addresses.PMD_SIZE, MADV_DONTNEED);
            assertThat(flushes).as("not everything").containsExactly(new Flush(1024, 0));
            took[0] = flushCost(machine, task, () -> machine.memory.tlb().flushHuge(task, 0, HEAP, HEAP + Addresses.PMD_SIZE));
            took[1] = flushCost(machine, task, () -> machine.memory.tlb().flushPage(task, 0, HEAP));
        });
        assertThat(took[0]).isEqualTo(took[1]).isPositive();
    }

    private static long flushCost(Machine machine, Task task, Runnable flush) {
        task.settle();
        long began = machine.kernel.simulation().now();
        flush.run();
        return machine.kernel.simulation().now() - began;
    }

    /// `tlb_flush` of a gather for the whole address space: the walk caches of freed tables alone are of interest.
    @Test
    void arm64FlushesOnceForAnAddressSpaceThatEnds() {
        Machine machine = boot(Architecture.ARM64);
        machine.run(task -> {
            for (int vma = 0; vma < 5; vma++) {
                machine.syscalls.mmap(task, HEAP + 2L * vma * PAGE, PAGE, PROT_RW, ANON_FIXED);
                machine.syscalls.memory().write(task, HEAP + 2L * vma * PAGE, PAGE);
            }
            flushes.clear();
            machine.process.addressSpace().exit(task);
        });
        assertThat(flushes).containsExactly(new Flush(WHOLE, 0));
    }

    /// `flush_tlb_multi`: a core in lazy TLB mode may have freed tables in its walk caches.
    @Test
    void x86InterruptsCoresInLazyTlbModeWhereTablesAreFreed() {
        assertThat(ipisOfUnmapping(4 * PAGE, PAGE)).as("its table stays").isZero();
        assertThat(ipisOfUnmapping(4 * PAGE, 4 * PAGE)).as("its table goes").isEqualTo(1);
    }

    /// A thread has run on another core, which has gone idle since.
    private int ipisOfUnmapping(long mapped, long unmapped) {
        Machine machine = boot(Architecture.X86_64);
        machine.spawnOn(1, "other", 0, task -> task.compute(1_000));
        machine.spawnOn(0, "owner", 0, task -> {
            machine.syscalls.mmap(task, HEAP, mapped, PROT_RW, ANON_FIXED);
            machine.syscalls.memory().write(task, HEAP, mapped);
            task.sleepUntil(1_000_000);
            flushes.clear();
            machine.syscalls.munmap(task, HEAP, unmapped);
        });
        machine.run();
        return flushes.stream().mapToInt(Flush::ipis).sum();
    }

    /// `mm_cpumask`, which is kept lazily since 6.14: the first such flush tells the core that it may be left alone, an ordinary one only
    /// if a second has passed.
    @Test
    void aCoreThatRunsAnotherProcessIsInterruptedOnceWhereTablesAreFreedSince614() {
        assertThat(ipisBesideAnotherProcess(KernelVersion.V6_12, 4 * PAGE, 2)).containsExactly(0, 0);
        assertThat(ipisBesideAnotherProcess(KernelVersion.V6_14, 4 * PAGE, 2)).containsExactly(1, 0);
        assertThat(ipisBesideAnotherProcess(KernelVersion.V6_14, PAGE, 4)).as("a second later").containsExactly(0, 0, 1, 0);
    }

    /// A thread has run on another core, where another process runs now; every 600 ms memory is mapped, and `unmapped` of it unmapped.
    private List<Integer> ipisBesideAnotherProcess(KernelVersion version, long unmapped, int times) {
        Machine machine = boot(version, Architecture.X86_64);
        Process another = machine.kernel.createProcess("another");
        machine.spawnOn(1, "other", 0, task -> task.compute(1_000));
        another.spawn("another", TaskAttributes.normal(0, new CpuSet(1L << 1)), task -> {
            task.sleepUntil(500_000);
            task.compute(4_000_000_000L);
        });
        List<Integer> ipis = new ArrayList<>();
        machine.spawnOn(0, "owner", 0, task -> {
            for (int time = 0; time < times; time++) {
                task.sleepUntil(1_000_000 + time * 600_000_000L);
                long heap = HEAP + time * Addresses.PMD_SIZE;
                machine.syscalls.mmap(task, heap, 4 * PAGE, PROT_RW, ANON_FIXED);
                machine.syscalls.memory().write(task, heap, 4 * PAGE);
                flushes.clear();
                machine.syscalls.munmap(task, heap, unmapped);
                ipis.add(flushes.stream().mapToInt(Flush::ipis).sum());
            }
        });
        machine.run();
        return ipis;
    }

    /// `do_mprotect_pkey`: one gather for all VMAs; arm64 flushes at the end of each.
    @Test
    void mprotectOfSeveralVmasFlushesOnceOnX86() {
        assertThat(flushesOfMprotect(Architecture.X86_64)).hasSize(1);
        assertThat(flushesOfMprotect(Architecture.ARM64)).hasSize(2);
    }

    private List<Flush> flushesOfMprotect(Architecture architecture) {
        Machine machine = boot(architecture);
        machine.run(task -> {
            machine.syscalls.mmap(task, HEAP, 4 * PAGE, PROT_RW, ANON_FIXED);
            machine.syscalls.madvise(task, HEAP, 2 * PAGE, MADV_DONTFORK);
            machine.syscalls.memory().write(task, HEAP, 4 * PAGE);
            flushes.clear();
            assertThat(machine.syscalls.mprotect(task, HEAP, 4 * PAGE, PROT_READ)).isZero();
        });
        return List.copyOf(flushes);
    }

    @Test
    void x86InvalidatesUpTo33PagesOneByOne() {
        assertThat(dontneed(Architecture.X86_64, 33)).containsExactly(new Flush(33, 0));
        assertThat(dontneed(Architecture.X86_64, 34)).containsExactly(new Flush(WHOLE, 0));
    }

    @Test
    void nothingMappedNothingFlushed() {
        Machine machine = boot(Architecture.ARM64);
        machine.run(task -> {
            machine.syscalls.mmap(task, HEAP, 64 * PAGE, PROT_RW, ANON_FIXED);
            machine.syscalls.madvise(task, HEAP, 64 * PAGE, MADV_DONTNEED);
        });
        assertThat(flushes).isEmpty();
    }

    @Test
    void fullGatherFlushesInTheMiddleOfTheWalk() {
        assertThat(dontneed(Architecture.X86_64, MmuGather.MAX_PAGES)).hasSize(1);
        assertThat(dontneed(Architecture.X86_64, MmuGather.MAX_PAGES + 1)).hasSize(2);
    }

    @Test
    void x86InterruptsTheOtherCoresThatRunTheProcessAndArm64None() {
        assertThat(ipisWithABusySibling(Architecture.X86_64)).isEqualTo(1);
        assertThat(ipisWithABusySibling(Architecture.ARM64)).isZero();
    }

    private int ipisWithABusySibling(Architecture architecture) {
        Machine machine = boot(architecture);
        flushes.clear();
        machine.spawnOn(0, "purger", 0, task -> {
            machine.syscalls.mmap(task, HEAP, 8 * PAGE, PROT_RW, ANON_FIXED);
            machine.syscalls.memory().write(task, HEAP, 8 * PAGE);
            machine.syscalls.madvise(task, HEAP, 8 * PAGE, MADV_DONTNEED);
        });
        machine.spawnOn(1, "busy", 0, task -> task.compute(1_000_000));
        machine.run();
        return flushes.getFirst().ipis();
    }

    @Test
    void concurrentGathersOnOneAddressSpaceFlushEverything() {
        Machine machine = boot(Architecture.ARM64);
        machine.run(task -> {
            machine.syscalls.mmap(task, HEAP, 1024 * PAGE, PROT_RW, ANON_FIXED);
            machine.syscalls.memory().write(task, HEAP, 1024 * PAGE);
        });
        flushes.clear();
        machine.spawnOn(0, "long", 0, task -> machine.syscalls.madvise(task, HEAP, 512 * PAGE, MADV_DONTNEED));
        machine.spawnOn(1, "short", 0, task -> machine.syscalls.madvise(task, HEAP + 1023 * PAGE, PAGE, MADV_DONTNEED));
        machine.run();
        assertThat(flushes).contains(new Flush(1, 0), new Flush(WHOLE, 0));
    }
}
