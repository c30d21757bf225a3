package io.janklab.kernel.mm.fault;

import static io.janklab.kernel.uapi.Mman.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.mm.page.FolioTable;
import io.janklab.kernel.mm.page.VmStat;
import io.janklab.kernel.mm.space.VirtualFile;
import io.janklab.kernel.syscall.BusError;
import io.janklab.kernel.trace.FaultKind;
import io.janklab.kernel.trace.FaultPath;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a fault on a file reads beside its page, and what it maps.
class FileReadAheadTest extends FileFixture {
    /// `do_fault_around` comes before `filemap_fault` looks at the file's length (seen on a real 6.18 by `conform`).
    @Test
    void readFaultBeyondTheEndMapsWhatIsBeforeItAllTheSame() {
        Machine machine = boot(KernelVersion.V7_2);
        VirtualFile file = cachedFile(machine);
        machine.run(task -> {
            long text = 0x1000_0000_0000L;
            machine.syscalls.mmap(task, text, 8 * PAGE, PROT_READ, MAP_SHARED | MAP_FIXED, file, (PAGES - 7) * PAGE);
            assertThatThrownBy(() -> machine.syscalls.memory().read(task, text + 7 * PAGE, 1)).isInstanceOf(BusError.class);
        });
        assertThat(machine.mm.residentPages()).isEqualTo(7);
    }

    /// 74207de2ba10: no huge folio reaches over the end, and without a table nothing is mapped around (seen on a real 6.18 by `conform`).
    @Test
    void withoutATableNothingIsMappedAroundWhereOnlyTheLastPageIs() {
        Machine machine = boot(KernelVersion.V7_2);
        VirtualFile file = cachedFile(machine);
        machine.run(task -> {
            long text = 0x1000_0000_0000L;
            machine.syscalls.mmap(task, text, 2 * PAGE, PROT_READ, MAP_SHARED | MAP_FIXED, file, (PAGES - 1) * PAGE);
            assertThatThrownBy(() -> machine.syscalls.memory().read(task, text + PAGE, 1)).isInstanceOf(BusError.class);
            assertThat(machine.mm.residentPages()).isZero();
            machine.syscalls.memory().read(task, text, 1);
            assertThat(machine.mm.residentPages()).isEqualTo(1);
        });
    }

    /// `do_sync_mmap_readahead` (seen on a real 6.18 by `conform`); arm64 wants 64 KiB at once.
    @ParameterizedTest
    @CsvSource({"V6_14, 104, 135", "V6_17, 112, 143"})
    void missingExecutableMemoryIsReadOnwardsSince617(KernelVersion version, long first, long last) {
        Machine machine = boot(version);
        VirtualFile file = file(machine);
        machine.run(task -> {
            long text = map(machine, task, file, PROT_READ | PROT_EXEC, MAP_PRIVATE);
            machine.syscalls.memory().read(task, text + 120 * PAGE, 1);
        });
        assertThat(inMemory(file)).containsExactlyElementsOf(LongStream.rangeClosed(first, last).boxed().toList());
    }

    /// `do_sync_mmap_readahead` (seen on a real 6.18 by `conform`).
    @ParameterizedTest
    @CsvSource({"false, 1024", "true, 512"})
    void missingPageOfMemoryThatMayBeHugeIsReadWithItsHugePage(boolean atRandom, int pages) {
        Machine machine = boot(KernelVersion.V6_17);
        VirtualFile file = machine.memory.pageCache().create("base.odex", 2048);
        machine.run(task -> {
            long text = 0x1000_0000_0000L;
            machine.syscalls.mmap(task, text, 2048 * PAGE, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_FIXED, file, 0);
            machine.syscalls.madvise(task, text, 2048 * PAGE, MADV_HUGEPAGE);
            if (atRandom) {
                machine.syscalls.madvise(task, text, 2048 * PAGE, MADV_RANDOM);
            }
            machine.syscalls.memory().read(task, text + 700 * PAGE, 1);
        });
        assertThat(LongStream.range(0, 2048).filter(index -> file.frame(index) != FolioTable.NO_FRAME).boxed().toList())
                .containsExactlyElementsOf(LongStream.range(512, 512 + pages).boxed().toList());
    }

    @Test
    void readAheadOfExecutableMemoryStopsAtTheMappingsBounds() {
        Machine machine = boot(KernelVersion.V6_17);
        VirtualFile file = file(machine);
        machine.run(task -> {
            long text = 0x1000_0000_0000L;
            machine.syscalls.mmap(task, text, 8 * PAGE, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_FIXED, file, 100 * PAGE);
            machine.syscalls.memory().read(task, text + 2 * PAGE, 1);
        });
        assertThat(inMemory(file)).containsExactlyElementsOf(LongStream.range(100, 108).boxed().toList());
    }

    private static List<Long> inMemory(VirtualFile file) {
        return LongStream.range(0, PAGES).filter(index -> file.frame(index) != FolioTable.NO_FRAME).boxed().toList();
    }

    @Test
    void readFaultMapsWhatIsInMemoryWithin64KibAround() {
        Machine machine = boot(KernelVersion.V7_2);
        VirtualFile file = cachedFile(machine);
        machine.run(task -> {
            long text = map(machine, task, file, PROT_READ, MAP_PRIVATE);
            machine.syscalls.memory().read(task, text + 20 * PAGE, 1);
            machine.syscalls.memory().read(task, text + 16 * PAGE, 16 * PAGE);
        });
        assertThat(faults.kinds()).containsExactly(FaultKind.FILE);
        assertThat(faults.paths()).containsExactly(FaultPath.VMA_LOCK);
        assertThat(machine.mm.residentPages()).isEqualTo(16);
    }

    @Test
    void faultAroundStaysWithinTheVma() {
        Machine machine = boot(KernelVersion.V7_2);
        VirtualFile file = cachedFile(machine);
        machine.run(task -> {
            long text = machine.syscalls.mmap(task, 0, 3 * PAGE, PROT_READ, MAP_PRIVATE, file, 4 * PAGE);
            machine.syscalls.memory().read(task, text, 1);
        });
        assertThat(machine.mm.residentPages()).isEqualTo(3);
    }

    @Test
    void aMissingPageBringsItsNeighboursUnlessMadvisedRandom() {
        Machine machine = boot(KernelVersion.V7_2);
        VirtualFile file = file(machine);
        machine.run(task -> {
            long text = map(machine, task, file, PROT_READ, MAP_PRIVATE);
            machine.syscalls.memory().read(task, text + 100 * PAGE, 1);
            assertThat(file.frame(100 - 16)).isNotEqualTo(FolioTable.NO_FRAME);
            assertThat(file.frame(100 + 15)).isNotEqualTo(FolioTable.NO_FRAME);
            assertThat(file.frame(100 + 16)).isEqualTo(FolioTable.NO_FRAME);
            machine.syscalls.madvise(task, text, PAGES * PAGE, MADV_RANDOM);
            machine.syscalls.memory().read(task, text + 200 * PAGE, 1);
            assertThat(file.frame(201)).isEqualTo(FolioTable.NO_FRAME);
        });
    }

    @Test
    void willneedReadsAheadWithoutMapping() {
        Machine machine = boot(KernelVersion.V7_2);
        VirtualFile file = file(machine);
        machine.run(task -> {
            long text = map(machine, task, file, PROT_READ, MAP_PRIVATE);
            assertThat(machine.syscalls.madvise(task, text, PAGES * PAGE, MADV_WILLNEED)).isZero();
            task.sleepUntil(task.now() + 100_000_000);
            machine.syscalls.memory().read(task, text, PAGES * PAGE);
        });
        assertThat(machine.memory.vmstat().get(VmStat.Item.PGMAJFAULT)).isZero();
        assertThat(faults.kinds()).hasSize(PAGES / 16);
    }
}
