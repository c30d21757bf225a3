package io.janklab.kernel.mm.fault;

import static io.janklab.kernel.uapi.Mman.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.janklab.kernel.check.KernelFixture;
import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.FaultLog;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.page.VmStat;
import io.janklab.kernel.mm.table.Pte;
import io.janklab.kernel.syscall.SegmentationFault;
import io.janklab.kernel.trace.FaultKind;
import java.util.function.ObjLongConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HugePageTest {
    private static final long PAGE = Addresses.PAGE_SIZE;
    private static final long HUGE = Addresses.PMD_SIZE;
    private static final int ANON = MAP_PRIVATE | MAP_ANONYMOUS;

    @RegisterExtension
    final KernelFixture kernel = new KernelFixture();

    private final FaultLog faults = new FaultLog();

    private Machine boot(String thp) {
        Machine machine = kernel.boot(KernelProfile.of(KernelVersion.V7_2, Architecture.ARM64).with(Switch.THP, thp), Architecture.ARM64);
        machine.attach(faults);
        return machine;
    }

    /// Runs `body` with 4 MiB that were advised to be huge.
    private static void withAdvisedHeap(Machine machine, ObjLongConsumer<Task> body) {
        machine.run(task -> {
            long heap = machine.syscalls.mmap(task, 0, 2 * HUGE, PROT_RW, ANON);
            assertThat(machine.syscalls.madvise(task, heap, 2 * HUGE, MADV_HUGEPAGE)).isZero();
            body.accept(task, heap);
        });
    }

    @Test
    void aFirstWriteWhereAdvisedMapsTwoMebibytesAtOnce() {
        Machine machine = boot("madvise");
        withAdvisedHeap(machine, (task, heap) -> machine.syscalls.memory().write(task, heap + 5 * PAGE, HUGE - 5 * PAGE));
        assertThat(faults.kinds()).containsExactly(FaultKind.ANONYMOUS);
        assertThat(machine.mm.residentPages()).isEqualTo(512);
        assertThat(machine.memory.vmstat().get(VmStat.Item.THP_FAULT_ALLOC)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"never", "madvise", "always"})
    void policyDecidesForMemoryThatWasNotAdvised(String thp) {
        Machine machine = boot(thp);
        machine.run(task -> {
            long heap = machine.syscalls.mmap(task, 0, HUGE, PROT_RW, ANON);
            machine.syscalls.memory().write(task, heap, 1);
        });
        assertThat(machine.mm.residentPages()).isEqualTo(thp.equals("always") ? 512 : 1);
    }

    @Test
    void nohugepageWinsOverAlways() {
        Machine machine = boot("always");
        machine.run(task -> {
            long heap = machine.syscalls.mmap(task, 0, HUGE, PROT_RW, ANON);
            assertThat(machine.syscalls.madvise(task, heap, HUGE, MADV_NOHUGEPAGE)).isZero();
            machine.syscalls.memory().write(task, heap, 1);
        });
        assertThat(machine.mm.residentPages()).isEqualTo(1);
    }

    @Test
    void aVmaThatDoesNotHoldTheWholeRangeGetsBasePages() {
        Machine machine = boot("always");
        machine.run(task -> {
            long heap = machine.syscalls.mmap(task, 0x1000_0000_0000L, HUGE - PAGE, PROT_RW, ANON | MAP_FIXED);
            machine.syscalls.memory().write(task, heap, 1);
        });
        assertThat(machine.mm.residentPages()).isEqualTo(1);
    }

    @Test
    void aFirstReadMapsTheHugeZeroPageWhichCountsForNothing() {
        Machine machine = boot("madvise");
        withAdvisedHeap(machine, (task, heap) -> {
            machine.syscalls.memory().read(task, heap, HUGE);
            assertThat(faults.kinds()).containsExactly(FaultKind.ZERO_PAGE);
            assertThat(machine.mm.residentPages()).isZero();
        });
    }

    @Test
    void theDepositedTableCountsAsAPageTable() {
        Machine machine = boot("madvise");
        withAdvisedHeap(machine, (task, heap) -> {
            machine.syscalls.memory().write(task, heap, 1);
            long before = machine.mm.pageTableBytes();
            machine.syscalls.madvise(task, heap, HUGE, MADV_DONTNEED);
            assertThat(machine.mm.pageTableBytes()).isEqualTo(before - PAGE);
            assertThat(machine.mm.residentPages()).isZero();
        });
    }

    @Test
    void aPartialZapSplits() {
        Machine machine = boot("madvise");
        withAdvisedHeap(machine, (task, heap) -> {
            machine.syscalls.memory().write(task, heap, 1);
            assertThat(machine.syscalls.madvise(task, heap + 10 * PAGE, 3 * PAGE, MADV_DONTNEED)).isZero();
            assertThat(machine.mm.residentPages()).isEqualTo(509);
            int before = faults.kinds().size();
            machine.syscalls.memory().write(task, heap, 10 * PAGE);
            assertThat(faults.kinds()).hasSize(before);
        });
        assertThat(machine.memory.vmstat().get(VmStat.Item.THP_SPLIT_PMD)).isEqualTo(1);
    }

    @Test
    void cuttingTheVmaSplitsWhatTheCutGoesThrough() {
        Machine machine = boot("madvise");
        withAdvisedHeap(machine, (task, heap) -> {
            machine.syscalls.memory().write(task, heap, 2 * HUGE);
            assertThat(machine.syscalls.madvise(task, heap, HUGE / 2, MADV_DONTDUMP)).isZero();
            assertThat(machine.mm.pageTable().huge(heap)).isNull();
            assertThat(machine.mm.pageTable().huge(heap + HUGE)).isNotNull();
        });
        assertThat(machine.mm.residentPages()).isEqualTo(1024);
    }

    /// `change_huge_pmd`, `madvise_free_huge_pmd`, `madvise_cold_or_pageout_pte_range`.
    @Test
    void whatChangesAHugePageAsAWholeLeavesItHuge() {
        Machine machine = boot("madvise");
        withAdvisedHeap(machine, (task, heap) -> {
            machine.syscalls.memory().write(task, heap, HUGE);
            assertThat(machine.syscalls.mprotect(task, heap, HUGE, PROT_READ)).isZero();
            assertThat(machine.syscalls.mprotect(task, heap, HUGE, PROT_RW)).isZero();
            assertThat(machine.syscalls.madvise(task, heap, HUGE, MADV_COLD)).isZero();
            assertThat(machine.syscalls.madvise(task, heap, HUGE, MADV_FREE)).isZero();
            assertThat(machine.mm.pageTable().huge(heap)).isNotNull();
            assertThat(machine.mm.pageTable().huge(heap).entry() & Pte.DIRTY).as("lazyfree").isZero();
            assertThat(machine.syscalls.madvise(task, heap, HUGE / 2, MADV_FREE)).isZero();
            assertThat(machine.mm.pageTable().huge(heap)).isNull();
        });
        assertThat(machine.memory.vmstat().get(VmStat.Item.THP_SPLIT_PMD)).isEqualTo(1);
    }

    @Test
    void aHugePageWhoseRightToWriteWasTakenFaults() {
        Machine machine = boot("madvise");
        withAdvisedHeap(machine, (task, heap) -> {
            machine.syscalls.memory().write(task, heap, HUGE);
            machine.syscalls.mprotect(task, heap, HUGE, PROT_READ);
            assertThatThrownBy(() -> machine.syscalls.memory().write(task, heap, 1)).isInstanceOf(SegmentationFault.class);
        });
    }

    /// `do_huge_zero_wp_pmd` (6.13).
    @ParameterizedTest
    @CsvSource({"V6_12, 1", "V6_14, 512"})
    void aWriteToTheHugeZeroPageMakesAHugePageOfItSince613(KernelVersion version, int pages) {
        Machine machine = kernel.boot(KernelProfile.of(version, Architecture.X86_64), Architecture.X86_64);
        machine.kernel.addressSpaces().stopKhugepaged();
        withAdvisedHeap(machine, (task, heap) -> {
            machine.syscalls.memory().read(task, heap, 1);
            machine.syscalls.memory().write(task, heap, 1);
        });
        assertThat(machine.mm.residentPages()).isEqualTo(pages);
    }

    /// `move_huge_pmd`.
    @Test
    void mremapMovesAHugePageWholeWhereBothEndsAreAligned() {
        Machine machine = boot("madvise");
        machine.memory.keepContents();
        withAdvisedHeap(machine, (task, heap) -> {
            machine.syscalls.memory().store(task, heap + 7 * PAGE, 4711);
            int flags = MREMAP_MAYMOVE | MREMAP_FIXED;
            long aligned = heap - 16 * HUGE;
            assertThat(machine.syscalls.mremap(task, heap, HUGE, HUGE, flags, aligned)).isEqualTo(aligned);
            assertThat(machine.mm.pageTable().huge(aligned)).isNotNull();
            assertThat(machine.syscalls.memory().load(task, aligned + 7 * PAGE)).isEqualTo(4711);
            long elsewhere = heap - 8 * HUGE + PAGE;
            assertThat(machine.syscalls.mremap(task, aligned, HUGE, HUGE, flags, elsewhere)).isEqualTo(elsewhere);
            assertThat(machine.mm.pageTable().hugeMappings()).isEmpty();
            assertThat(machine.syscalls.memory().load(task, elsewhere + 7 * PAGE)).isEqualTo(4711);
        });
        assertThat(machine.mm.residentPages()).isEqualTo(512);
    }

    @Test
    void mprotectAndLazyfreeWorkOnWhatWasHuge() {
        Machine machine = boot("madvise");
        withAdvisedHeap(machine, (task, heap) -> {
            machine.syscalls.memory().write(task, heap, 2 * HUGE);
            assertThat(machine.syscalls.mprotect(task, heap, HUGE / 2, PROT_READ)).isZero();
            assertThat(machine.syscalls.madvise(task, heap + HUGE, HUGE, MADV_FREE)).isZero();
            machine.syscalls.memory().read(task, heap, 2 * HUGE);
            assertThat(machine.syscalls.munmap(task, heap + HUGE / 4, HUGE)).isZero();
        });
        assertThat(machine.mm.residentPages()).isEqualTo(512);
    }

    @Test
    void contentsSurviveASplit() {
        Machine machine = boot("madvise");
        machine.memory.keepContents();
        withAdvisedHeap(machine, (task, heap) -> {
            machine.syscalls.memory().write(task, heap, 1);
            machine.syscalls.memory().store(task, heap + 100 * PAGE, 4711);
            machine.syscalls.madvise(task, heap, PAGE, MADV_DONTNEED);
            assertThat(machine.syscalls.memory().load(task, heap + 100 * PAGE)).isEqualTo(4711);
        });
    }

    @Test
    void withoutAFreeBlockBasePagesWillDo() {
        KernelProfile profile = KernelProfile.of(KernelVersion.V7_2, Architecture.ARM64);
        Machine machine = kernel.boot(1, Hardware.symmetric(Architecture.ARM64, 2, 1_400 * PAGE), profile);
        machine.attach(faults);
        withAdvisedHeap(machine, (task, heap) -> {
            machine.syscalls.memory().write(task, heap, 1);
            machine.syscalls.memory().write(task, heap + HUGE, 1);
        });
        assertThat(machine.mm.residentPages()).isEqualTo(513);
        assertThat(machine.memory.vmstat().get(VmStat.Item.THP_FAULT_FALLBACK)).isEqualTo(1);
    }

    @Test
    void racersThatWriteToTheHugeZeroPageLeaveOneHugePage() {
        Machine machine = boot("always");
        machine.memory.keepContents();
        long[] heap = new long[1];
        machine.run(task -> {
            heap[0] = machine.syscalls.mmap(task, 0, HUGE, PROT_RW, ANON);
            machine.syscalls.memory().read(task, heap[0], 1);
        });
        for (int cpu = 0; cpu < 3; cpu++) {
            long at = heap[0] + cpu * PAGE;
            machine.spawnOn(cpu, "racer", 0, task -> machine.syscalls.memory().store(task, at, at));
        }
        machine.run();
        assertThat(machine.mm.residentPages()).isEqualTo(512);
        machine.run(task -> {
            for (int page = 0; page < 3; page++) {
                assertThat(machine.syscalls.memory().load(task, heap[0] + page * PAGE)).isEqualTo(heap[0] + page * PAGE);
            }
        });
    }

    @Test
    void racersForOneHugePageLeaveOne() {
        Machine machine = boot("always");
        long[] heap = new long[1];
        machine.run(task -> heap[0] = machine.syscalls.mmap(task, 0, HUGE, PROT_RW, ANON));
        for (int cpu = 0; cpu < 3; cpu++) {
            long at = heap[0] + cpu * PAGE;
            machine.spawnOn(cpu, "racer", 0, task -> machine.syscalls.memory().write(task, at, 1));
        }
        machine.run();
        assertThat(machine.mm.residentPages()).isEqualTo(512);
    }
}
