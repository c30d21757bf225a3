package io.janklab.kernel.mm.fault;

import static io.janklab.kernel.uapi.Mman.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.check.KernelFixture;
import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.page.FolioTable;
import io.janklab.kernel.mm.table.Pte;
import io.janklab.kernel.mm.table.PteTable;
import java.util.function.ObjLongConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// MADV_FREE, MADV_COLD and MADV_PAGEOUT of part of a huge page (`madvise_free_huge_pmd`, `madvise_cold_or_pageout_pte_range`).
class HugePartTest {
    private static final long PAGE = Addresses.PAGE_SIZE;
    private static final long HUGE = Addresses.PMD_SIZE;

    @RegisterExtension
    final KernelFixture kernel = new KernelFixture();

    private Machine boot(KernelVersion version) {
        Machine machine = kernel.boot(KernelProfile.of(version, Architecture.X86_64), Architecture.X86_64);
        machine.memory.keepContents();
        return machine;
    }

    /// A huge page whose first two pages and last page hold something.
    private static void withHugePage(Machine machine, ObjLongConsumer<Task> body) {
        machine.run(task -> {
            long heap = machine.syscalls.mmap(task, 0, 2 * HUGE, PROT_RW, MAP_PRIVATE | MAP_ANONYMOUS);
            long base = heap + HUGE - 1 & -HUGE;
            assertThat(machine.syscalls.madvise(task, base, HUGE, MADV_HUGEPAGE)).isZero();
            machine.syscalls.memory().store(task, base, 1);
            machine.syscalls.memory().store(task, base + PAGE, 2);
            machine.syscalls.memory().store(task, base + HUGE - PAGE, 3);
            assertThat(machine.mm.pageTable().huge(base)).isNotNull();
            body.accept(task, base);
        });
    }

    /// A child that lives on, and touches nothing.
    private static void fork(Machine machine, Task task) {
        assertThat(machine.process.fork(task, "child", (process, self) -> self.sleepUntil(self.now() + 1_000_000_000))).isPositive();
    }

    private static long entry(Machine machine, long address) {
        return machine.mm.pageTable().find(address).get(PteTable.index(address));
    }

    @ParameterizedTest
    @CsvSource({"V6_6, 512", "V6_12, 3", "V7_2, 3"})
    void pagesOfZeroesBecomeTheZeroPageWhenAHugePageIsSplitSince612(KernelVersion version, int resident) {
        Machine machine = boot(version);
        withHugePage(machine, (task, base) -> {
            assertThat(machine.syscalls.madvise(task, base, PAGE, MADV_COLD)).isZero();
            assertThat(machine.mm.pageTable().huge(base)).isNull();
            assertThat(machine.mm.residentPages()).isEqualTo(resident);
            assertThat(Pte.hasFolio(entry(machine, base + 2 * PAGE))).isEqualTo(resident == 512);
            assertThat(machine.syscalls.memory().load(task, base + 2 * PAGE)).isZero();
            assertThat(machine.syscalls.memory().load(task, base + PAGE)).isEqualTo(2);
            assertThat(machine.syscalls.memory().load(task, base + HUGE - PAGE)).isEqualTo(3);
        });
    }

    @Test
    void onlyThePartInTheRangeBecomesLazyfree() {
        Machine machine = boot(KernelVersion.V7_2);
        withHugePage(machine, (task, base) -> {
            assertThat(machine.syscalls.madvise(task, base, PAGE, MADV_FREE)).isZero();
            machine.memory.batches().drainAll();
            assertThat(machine.memory.folios().isLazyfree(Pte.frame(entry(machine, base)))).isTrue();
            assertThat(machine.memory.folios().isLazyfree(Pte.frame(entry(machine, base + PAGE)))).isFalse();
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {MADV_FREE, MADV_COLD, MADV_PAGEOUT})
    void theHugeZeroPageIsLeftAlone(int advice) {
        Machine machine = boot(KernelVersion.V7_2);
        machine.run(task -> {
            long heap = machine.syscalls.mmap(task, 0, 2 * HUGE, PROT_RW, MAP_PRIVATE | MAP_ANONYMOUS);
            long base = heap + HUGE - 1 & -HUGE;
            machine.syscalls.madvise(task, base, HUGE, MADV_HUGEPAGE);
            machine.syscalls.memory().read(task, base, 1);
            assertThat(machine.syscalls.madvise(task, base, HUGE / 2, advice)).isZero();
            assertThat(machine.mm.pageTable().huge(base)).isNotNull();
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {MADV_FREE, MADV_COLD, MADV_PAGEOUT})
    void aHugePageThatAChildSharesIsLeftAlone(int advice) {
        Machine machine = boot(KernelVersion.V7_2);
        withHugePage(machine, (task, base) -> {
            fork(machine, task);
            assertThat(machine.syscalls.madvise(task, base, HUGE / 2, advice)).isZero();
            assertThat(machine.syscalls.madvise(task, base, HUGE, advice)).isZero();
            assertThat(machine.mm.pageTable().huge(base)).isNotNull();
        });
    }

    /// A mapping that mprotect has split leaves the folio whole; MADV_COLD of part of that splits it.
    @ParameterizedTest
    @CsvSource({"256, 3", "512, 512"})
    void whatIsMappedPageByPageIsSplitOnlyIfTheRangeHasPartOfItSince610(int pages, int resident) {
        Machine machine = boot(KernelVersion.V7_2);
        withHugePage(machine, (task, base) -> {
            machine.syscalls.mprotect(task, base, HUGE / 4, PROT_READ);
            machine.syscalls.mprotect(task, base, HUGE / 4, PROT_RW);
            assertThat(machine.mm.residentPages()).isEqualTo(512);
            assertThat(machine.syscalls.madvise(task, base, pages * PAGE, MADV_COLD)).isZero();
            assertThat(machine.mm.residentPages()).isEqualTo(resident);
        });
    }

    @ParameterizedTest
    @CsvSource({"V6_6, true", "V6_12, false"})
    void beforeSixTenAWalkSplitsWhatItsRangeHasWhole(KernelVersion version, boolean split) {
        Machine machine = boot(version);
        withHugePage(machine, (task, base) -> {
            machine.syscalls.mprotect(task, base, HUGE / 4, PROT_READ);
            machine.syscalls.mprotect(task, base, HUGE / 4, PROT_RW);
            assertThat(machine.syscalls.madvise(task, base, HUGE, MADV_FREE)).isZero();
            assertThat(machine.memory.folios().has(Pte.frame(entry(machine, base)), FolioTable.UNSPLIT)).isEqualTo(!split);
        });
    }

    /// The walk of a table ends there, so that pages behind it are not freed either.
    @ParameterizedTest
    @CsvSource({"V6_6, false", "V6_12, true"})
    void beforeSixTenASharedFolioEndsTheTablesWalk(KernelVersion version, boolean goesOn) {
        Machine machine = boot(version);
        withHugePage(machine, (task, base) -> {
            machine.syscalls.mprotect(task, base, PAGE, PROT_READ);
            machine.syscalls.mprotect(task, base, PAGE, PROT_RW);
            fork(machine, task);
            // A page of its own behind 511 that are shared.
            long last = base + HUGE - PAGE;
            machine.syscalls.madvise(task, last, PAGE, MADV_DONTNEED);
            machine.syscalls.memory().store(task, last, 4);
            assertThat(machine.syscalls.madvise(task, base, HUGE, MADV_FREE)).isZero();
            machine.memory.batches().drainAll();
            assertThat(machine.memory.folios().isLazyfree(Pte.frame(entry(machine, last)))).isEqualTo(goesOn);
        });
    }

    /// `unmap_huge_pmd_anon_folio` (6.11): the page table goes too.
    @ParameterizedTest
    @CsvSource({"V6_6, false", "V6_12, true"})
    void pageoutDropsALazyfreeHugePageWholeSince611(KernelVersion version, boolean whole) {
        Machine machine = boot(version);
        withHugePage(machine, (task, base) -> {
            assertThat(machine.syscalls.madvise(task, base, HUGE, MADV_FREE)).isZero();
            machine.memory.batches().drainAll();
            assertThat(machine.syscalls.madvise(task, base, HUGE, MADV_PAGEOUT)).isZero();
            assertThat(machine.mm.residentPages()).isZero();
            assertThat(machine.mm.pageTable().find(base) == null).isEqualTo(whole);
            assertThat(machine.syscalls.memory().load(task, base)).isZero();
        });
    }

    @Test
    void aLazyfreeHugePageThatWasWrittenToSurvivesPageout() {
        Machine machine = boot(KernelVersion.V7_2);
        withHugePage(machine, (task, base) -> {
            machine.syscalls.madvise(task, base, HUGE, MADV_FREE);
            machine.memory.batches().drainAll();
            machine.syscalls.memory().store(task, base + 2 * PAGE, 5);
            assertThat(machine.syscalls.madvise(task, base, HUGE, MADV_PAGEOUT)).isZero();
            assertThat(machine.mm.pageTable().huge(base)).isNotNull();
            assertThat(machine.syscalls.memory().load(task, base + 2 * PAGE)).isEqualTo(5);
            assertThat(machine.syscalls.memory().load(task, base + PAGE)).isEqualTo(2);
        });
    }

    @Test
    void pageoutOfAHugePageSwapsItsPagesOutOneByOne() {
        Machine machine = boot(KernelVersion.V7_2);
        machine.memory.swapOn(1024 * PAGE, 3);
        withHugePage(machine, (task, base) -> {
            assertThat(machine.syscalls.madvise(task, base, HUGE, MADV_PAGEOUT)).isZero();
            assertThat(Pte.isSwap(entry(machine, base))).isTrue();
            assertThat(machine.mm.residentPages()).isZero();
            assertThat(machine.syscalls.memory().load(task, base + PAGE)).isEqualTo(2);
        });
    }

    @Test
    void mlockedPagesOfZeroesStayWhenAHugePageIsSplit() {
        Machine machine = boot(KernelVersion.V7_2);
        withHugePage(machine, (task, base) -> {
            machine.syscalls.mlock(task, base + HUGE / 2, HUGE / 2);
            assertThat(machine.syscalls.madvise(task, base, PAGE, MADV_COLD)).isZero();
            assertThat(machine.mm.residentPages()).isEqualTo(2 + 256);
        });
    }

    /// MADV_COLLAPSE takes a guard marker for a page in swap, and gives up when it is to be read.
    @Test
    void aGuardRegionEndsCollapse() {
        Machine machine = boot(KernelVersion.V7_2);
        machine.run(task -> {
            long heap = machine.syscalls.mmap(task, 0, 3 * HUGE, PROT_RW, MAP_PRIVATE | MAP_ANONYMOUS);
            long base = heap + HUGE - 1 & -HUGE;
            machine.syscalls.memory().store(task, base + HUGE, 1);
            machine.syscalls.madvise(task, base, PAGE, MADV_GUARD_INSTALL);
            assertThat(machine.syscalls.madvise(task, base, 2 * HUGE, MADV_COLLAPSE)).isEqualTo(-22);
            assertThat(machine.mm.pageTable().huge(base + HUGE)).isNull();
        });
    }
}
