package io.janklab.kernel.mm.huge;

import static io.janklab.kernel.uapi.Mman.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.check.KernelFixture;
import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.LockLog;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.page.VmStat;
import io.janklab.kernel.syscall.UserfaultFd;
import io.janklab.kernel.trace.TaskState;
import io.janklab.kernel.trace.TraceListener;
import io.janklab.kernel.trace.TracedTask;
import io.janklab.kernel.uapi.Errno;
import io.janklab.kernel.uapi.Uffd;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CollapseTest {
    private static final long PAGE = Addresses.PAGE_SIZE;
    private static final long HUGE = Addresses.PMD_SIZE;
    private static final int ANON = MAP_PRIVATE | MAP_ANONYMOUS;

    @RegisterExtension
    final KernelFixture kernel = new KernelFixture();

    private Machine boot() {
        return kernel.boot(KernelProfile.of(KernelVersion.V7_2, Architecture.X86_64), Architecture.X86_64);
    }

    private static long heapOf(Machine machine, Task task, int pages) {
        long heap = machine.syscalls.mmap(task, 0, HUGE, PROT_RW, ANON);
        machine.syscalls.memory().write(task, heap, pages * PAGE);
        return heap;
    }

    @Test
    void madvCollapseMakesOneHugePageOfWhatIsThereAndWhatIsNot() {
        Machine machine = boot();
        machine.memory.keepContents();
        machine.run(task -> {
            long heap = heapOf(machine, task, 100);
            machine.syscalls.memory().store(task, heap + 50 * PAGE, 4711);
            long tables = machine.mm.pageTableBytes();
            assertThat(machine.syscalls.madvise(task, heap, HUGE, MADV_COLLAPSE)).isZero();
            assertThat(machine.mm.pageTable().huge(heap)).isNotNull();
            assertThat(machine.mm.residentPages()).isEqualTo(512);
            assertThat(machine.mm.pageTableBytes()).as("the old table is deposited").isEqualTo(tables);
            assertThat(machine.syscalls.memory().load(task, heap + 50 * PAGE)).isEqualTo(4711);
            assertThat(machine.syscalls.memory().load(task, heap + 200 * PAGE)).isZero();
        });
        assertThat(machine.memory.vmstat().get(VmStat.Item.THP_COLLAPSE_ALLOC)).isEqualTo(1);
    }

    @Test
    void collapseTakesMmapLockForWritingThenTheVmaThenTheAnonVma() {
        Machine machine = boot();
        LockLog locks = new LockLog();
        List<String> ipis = new ArrayList<>();
        machine.attach(locks);
        machine.attach(new TraceListener() {
            @Override
            public void ipi(long now, TracedTask sender, int cpus, String callback, long beganAt) {
                ipis.add(callback);
            }
        });
        machine.run(task -> {
            long heap = heapOf(machine, task, 100);
            locks.clear();
            machine.syscalls.madvise(task, heap, HUGE, MADV_COLLAPSE);
        });
        assertThat(locks.log()).containsExactly("+mmap_lock read", "-mmap_lock read", "+mmap_lock write", "+vma_lock write",
                "+anon_vma write", "-anon_vma write", "-vma_lock write", "-mmap_lock write", "+mmap_lock read", "-mmap_lock read");
        assertThat(ipis).containsExactly("tlb_remove_table_smp_sync");
    }

    /// `thp_vma_allowable_order`, and the count at the end of `madvise_collapse`; seen on a real 6.18 by `conform --kind huge`.
    @Test
    void collapseOfARangeWithoutAWholeHugePageIsRefusedUnlessItBeginsAtOne() {
        Machine machine = boot();
        machine.run(task -> {
            long heap = machine.syscalls.mmap(task, 0, HUGE, PROT_RW, ANON);
            assertThat(machine.syscalls.madvise(task, heap, HUGE, MADV_COLLAPSE)).as("untouched").isEqualTo(-Errno.EINVAL);
            machine.syscalls.memory().write(task, heap, PAGE);
            assertThat(machine.syscalls.madvise(task, heap, PAGE, MADV_COLLAPSE)).isZero();
            assertThat(machine.syscalls.madvise(task, heap + PAGE, PAGE, MADV_COLLAPSE)).isEqualTo(-Errno.EINVAL);
            assertThat(machine.mm.pageTable().hugeMappings()).isEmpty();
            long small = machine.syscalls.mmap(task, 0, HUGE / 2, PROT_RW, ANON);
            machine.syscalls.memory().write(task, small, PAGE);
            assertThat(machine.syscalls.madvise(task, small, HUGE / 2, MADV_COLLAPSE)).as("no room").isEqualTo(-Errno.EINVAL);
        });
    }

    /// `madvise_collapse`: the lock is released to collapse, not for what is only scanned.
    @Test
    void whatCannotBeCollapsedCostsNoReleaseOfMmapLock() {
        Machine machine = boot();
        LockLog locks = new LockLog();
        machine.attach(locks);
        machine.run(task -> {
            long heap = machine.syscalls.mmap(task, 0, 64 * HUGE, PROT_RW, ANON);
            locks.clear();
            assertThat(machine.syscalls.madvise(task, heap, 64 * HUGE, MADV_COLLAPSE)).isEqualTo(-Errno.EINVAL);
        });
        assertThat(locks.taken()).containsExactly("mmap_lock read");
    }

    /// `lru_add_drain_all`: on the other core, too, a kworker must run while mmap_lock is held.
    @Test
    void freshPagesOfAnotherCoreAreDrainedThereUnderMmapLock() {
        Machine machine = boot();
        List<String> workers = new ArrayList<>();
        machine.attach(new TraceListener() {
            @Override
            public void schedSwitch(long now, int cpu, TracedTask previous, TaskState previousState, TracedTask next) {
                if (next != null && next.name().startsWith("kworker")) {
                    workers.add(cpu + (machine.mm.mmapLock().isLocked() ? " under mmap_lock" : ""));
                }
            }
        });
        long[] heap = new long[1];
        machine.spawnOn(1, "toucher", 0, task -> heap[0] = heapOf(machine, task, 1));
        machine.spawnOn(0, "collapser", 0, task -> {
            task.sleepUntil(1_000_000);
            assertThat(machine.syscalls.madvise(task, heap[0], HUGE, MADV_COLLAPSE)).isZero();
        });
        machine.run();
        assertThat(workers).containsExactly("1 under mmap_lock");
    }

    /// `khugepaged_max_ptes_shared` is khugepaged's own limit.
    @Test
    void madvCollapseTakesPagesSharedWithAChild() {
        Machine machine = boot();
        machine.run(task -> {
            long heap = heapOf(machine, task, 512);
            machine.process.fork(task, "child", (child, other) -> other.sleepUntil(other.now() + 50_000_000));
            assertThat(machine.syscalls.madvise(task, heap, HUGE, MADV_COLLAPSE)).isZero();
            assertThat(machine.mm.pageTable().huge(heap)).isNotNull();
        });
    }

    /// `SCAN_PAGE_RO`, up to 6.17: all pages shared with a child, or all of read-only memory. One page written to since suffices.
    @ParameterizedTest
    @CsvSource({"6.1, false", "6.6, false", "6.12, false", "6.17, false", "6.18, true", "6.19, true", "7.2, true"})
    void pagesNoneOfWhichMayBeWrittenToAreCollapsedSince618(String series, boolean taken) {
        Machine machine = kernel.boot(KernelProfile.bySeries(series, Architecture.X86_64), Architecture.X86_64);
        long refused = -Errno.EINVAL;
        machine.run(task -> {
            long heap = heapOf(machine, task, 3);
            machine.syscalls.mprotect(task, heap, HUGE, PROT_READ);
            assertThat(machine.syscalls.madvise(task, heap, HUGE, MADV_COLLAPSE)).isEqualTo(taken ? 0 : refused);
            long shared = heapOf(machine, task, 3);
            machine.process.fork(task, "child", (child, other) -> other.sleepUntil(other.now() + 50_000_000));
            assertThat(machine.syscalls.madvise(task, shared, HUGE, MADV_COLLAPSE)).isEqualTo(taken ? 0 : refused);
            if (!taken) {
                machine.syscalls.memory().write(task, shared + PAGE, PAGE);
                assertThat(machine.syscalls.madvise(task, shared, HUGE, MADV_COLLAPSE)).as("one page copied").isZero();
            }
        });
    }

    /// `SCAN_PMD_NONE` ends `madvise_collapse`, `SCAN_PMD_NULL` does not.
    @Test
    void collapseStopsWhereATableIsMissingButNotWhereItsDirectoryIs() {
        Machine machine = boot();
        machine.run(task -> {
            long far = 1L << 30;
            long heap = machine.syscalls.mmap(task, 4 * far - HUGE, 3 * HUGE, PROT_RW, ANON | MAP_FIXED);
            machine.syscalls.memory().write(task, heap + 2 * HUGE, PAGE);
            assertThat(machine.syscalls.madvise(task, heap + HUGE, 2 * HUGE, MADV_COLLAPSE)).isEqualTo(-Errno.EINVAL);
            assertThat(machine.mm.pageTable().huge(heap + 2 * HUGE)).as("after a missing table").isNull();
            machine.syscalls.munmap(task, heap + HUGE, HUGE);
            machine.syscalls.mmap(task, heap + HUGE, HUGE, PROT_RW, ANON | MAP_FIXED);
            machine.syscalls.memory().write(task, heap + HUGE, PAGE);
            assertThat(machine.syscalls.madvise(task, heap, 3 * HUGE, MADV_COLLAPSE)).isEqualTo(-Errno.EINVAL);
            assertThat(machine.mm.pageTable().huge(heap + HUGE)).as("after a missing directory").isNotNull();
            assertThat(machine.mm.pageTable().huge(heap + 2 * HUGE)).isNotNull();
        });
    }

    /// `userfaultfd_armed` in `hpage_collapse_scan_pmd`: what is missing is the userfaultfd's to fill.
    @Test
    void whereAUserfaultfdFillsOnlyAWholeTableOfPagesIsCollapsed() {
        Machine machine = boot();
        machine.run(task -> {
            long heap = heapOf(machine, task, 511);
            UserfaultFd uffd = machine.syscalls.userfaultfd(task, 0);
            assertThat(uffd.register(task, heap, HUGE, Uffd.UFFDIO_REGISTER_MODE_MISSING)).isZero();
            assertThat(machine.syscalls.madvise(task, heap, HUGE, MADV_COLLAPSE)).isEqualTo(-Errno.EBUSY);
            assertThat(uffd.zeropage(task, heap + 511 * PAGE, PAGE, 0)).isEqualTo(PAGE);
            assertThat(machine.syscalls.madvise(task, heap, HUGE, MADV_COLLAPSE)).as("a zero page").isEqualTo(-Errno.EBUSY);
            machine.syscalls.memory().write(task, heap + 511 * PAGE, PAGE);
            assertThat(machine.syscalls.madvise(task, heap, HUGE, MADV_COLLAPSE)).isZero();
            long source = machine.syscalls.mmap(task, 0, PAGE, PROT_RW, ANON);
            assertThat(uffd.copy(task, heap, source, PAGE, 0)).as("a huge page is not looked into").isEqualTo(-Errno.EEXIST);
            assertThat(uffd.copy(task, heap, 4 * PAGE, PAGE, 0)).as("nor is its source read").isEqualTo(-Errno.EEXIST);
        });
    }

    @Test
    void whatIsHugeAlreadyIsGoodEnough() {
        Machine machine = boot();
        machine.run(task -> {
            long heap = heapOf(machine, task, 1);
            assertThat(machine.syscalls.madvise(task, heap, HUGE, MADV_COLLAPSE)).isZero();
            assertThat(machine.syscalls.madvise(task, heap, HUGE, MADV_COLLAPSE)).isZero();
        });
        assertThat(machine.memory.vmstat().get(VmStat.Item.THP_COLLAPSE_ALLOC)).isEqualTo(1);
    }

    @Test
    void madvCollapseSaysWhyItCouldNot() {
        Machine machine = boot();
        machine.run(task -> {
            long heap = machine.syscalls.mmap(task, 0, HUGE, PROT_RW, ANON);
            assertThat(machine.syscalls.madvise(task, heap, HUGE, MADV_COLLAPSE)).as("nothing mapped").isEqualTo(-Errno.EINVAL);
            machine.syscalls.memory().write(task, heap, PAGE);
            assertThat(machine.syscalls.madvise(task, heap, HUGE - PAGE, MADV_COLLAPSE)).as("no whole 2 MiB").isZero();
            machine.syscalls.madvise(task, heap, HUGE, MADV_NOHUGEPAGE);
            assertThat(machine.syscalls.madvise(task, heap, HUGE, MADV_COLLAPSE)).as("refused by advice").isEqualTo(-Errno.EINVAL);
        });
    }

    @Test
    void aPageInUseElsewhereComesBackUntouched() {
        Machine machine = boot();
        machine.run(task -> {
            long heap = heapOf(machine, task, 100);
            machine.memory.batches().drainAll();
            int pinned = machine.mm.frameAt(heap);
            machine.memory.folios().get(pinned);
            assertThat(machine.syscalls.madvise(task, heap, HUGE, MADV_COLLAPSE)).isEqualTo(-Errno.EAGAIN);
            machine.memory.batches().put(pinned);
            assertThat(machine.mm.frameAt(heap)).isEqualTo(pinned);
            assertThat(machine.mm.residentPages()).isEqualTo(100);
        });
    }

    @Test
    void khugepagedCollapsesAdvisedMemoryOnItsOwn() {
        Machine machine = boot();
        machine.run(task -> {
            long heap = heapOf(machine, task, 200);
            machine.memory.batches().drainAll();
            assertThat(machine.syscalls.madvise(task, heap, HUGE, MADV_HUGEPAGE)).isZero();
            task.sleepUntil(task.now() + 3 * Khugepaged.SCAN_SLEEP_NS);
            assertThat(machine.mm.pageTable().huge(heap)).isNotNull();
        });
    }

    @Test
    void khugepagedLeavesMemoryThatNobodyUses() {
        Machine machine = boot();
        machine.run(task -> {
            long heap = heapOf(machine, task, 200);
            machine.memory.batches().drainAll();
            assertThat(machine.syscalls.madvise(task, heap, HUGE, MADV_COLD)).isZero();
            assertThat(machine.syscalls.madvise(task, heap, HUGE, MADV_HUGEPAGE)).isZero();
            task.sleepUntil(task.now() + 3 * Khugepaged.SCAN_SLEEP_NS);
            assertThat(machine.mm.pageTable().huge(heap)).isNull();
        });
    }

    @Test
    void writersToOtherVmasWaitForTheCopy() {
        KernelProfile profile = KernelProfile.of(KernelVersion.V7_2, Architecture.ARM64).with(Switch.THP, SwitchValue.MADVISE);
        Machine machine = kernel.boot(profile, Architecture.ARM64);
        long[] waited = new long[1];
        machine.spawnOn(0, "collapser", 0, task -> {
            long heap = heapOf(machine, task, 512);
            machine.spawnOn(1, "ui", -10, ui -> {
                ui.sleepUntil(ui.now() + 60_000);
                long beganAt = ui.now();
                machine.syscalls.mmap(ui, 0, PAGE, PROT_RW, ANON);
                waited[0] = ui.now() - beganAt;
            });
            assertThat(machine.syscalls.madvise(task, heap, HUGE, MADV_COLLAPSE)).isZero();
        });
        machine.run();
        assertThat(waited[0]).as("mmap's time while 2 MiB are copied (ns)").isGreaterThan(50_000);
    }
}
