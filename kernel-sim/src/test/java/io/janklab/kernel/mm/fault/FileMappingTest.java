package io.janklab.kernel.mm.fault;

import static io.janklab.kernel.uapi.Mman.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.page.FolioTable;
import io.janklab.kernel.mm.page.VmStat;
import io.janklab.kernel.mm.space.VirtualFile;
import io.janklab.kernel.mm.space.VmFlags;
import io.janklab.kernel.syscall.BusError;
import io.janklab.kernel.trace.FaultKind;
import io.janklab.kernel.uapi.Errno;
import org.junit.jupiter.api.Test;

class FileMappingTest extends FileFixture {
    /// `__thp_get_unmapped_area`.
    @Test
    void aMappingThatHoldsAHugePageOfAFileGoesElsewhereThanItsHintIfThatLacksRoomForOneMore() {
        Machine machine = boot(KernelVersion.V7_2);
        VirtualFile file = machine.memory.pageCache().create("base.apk", 1024);
        file.alignHuge();
        machine.run(task -> {
            long hint = 0x1000_0000_0000L + 5 * PAGE;
            assertThat(machine.syscalls.mmap(task, hint, 600 * PAGE, PROT_READ, MAP_SHARED, file, 0)).isEqualTo(hint);
            machine.syscalls.munmap(task, hint, 600 * PAGE);
            machine.syscalls.mmap(task, hint + 1000 * PAGE, PAGE, PROT_READ, MAP_SHARED | MAP_FIXED, file, 0);
            assertThat(machine.syscalls.mmap(task, hint, 600 * PAGE, PROT_READ, MAP_SHARED, file, 0)).isNotEqualTo(hint);
            long placed = machine.syscalls.mmap(task, 0, 1021 * PAGE, PROT_READ, MAP_SHARED, file, 3 * PAGE);
            assertThat((placed - 3 * PAGE) % Addresses.PMD_SIZE).as("huge pages of the file lie on their boundaries").isZero();
            assertThat(machine.syscalls.mmap(task, hint, 400 * PAGE, PROT_READ, MAP_SHARED, file, 0)).as("no huge page").isEqualTo(hint);
        });
    }

    /// `shrink_folio_list`; the mark that stays is the one for reading ahead, at which faults do not map around.
    @Test
    void pageoutUnmapsDirtyPagesAndFreesCleanOnes() {
        Machine machine = boot(KernelVersion.V7_2);
        VirtualFile file = cachedFile(machine);
        machine.memory.folios().set(file.frame(0), FolioTable.DIRTY);
        machine.run(task -> {
            long text = map(machine, task, file, PROT_READ, MAP_SHARED);
            machine.syscalls.memory().read(task, text, 1);
            assertThat(machine.syscalls.madvise(task, text, 2 * PAGE, MADV_PAGEOUT)).isZero();
            assertThat(machine.mm.residentPages()).isEqualTo(14);
            assertThat(file.frame(0)).as("dirty").isNotEqualTo(FolioTable.NO_FRAME);
            assertThat(file.frame(1)).as("clean").isEqualTo(FolioTable.NO_FRAME);
            machine.syscalls.munmap(task, text, PAGES * PAGE);
            map(machine, task, file, PROT_READ, MAP_SHARED);
            machine.syscalls.memory().read(task, text + 2 * PAGE, 1);
            assertThat(machine.mm.residentPages()).as("neither of the two").isEqualTo(14);
            machine.syscalls.memory().read(task, text, 1);
            assertThat(machine.mm.residentPages()).isEqualTo(15);
        });
    }

    @Test
    void removePunchesAHoleIntoASharedFile() {
        Machine machine = boot(KernelVersion.V7_2);
        VirtualFile file = cachedFile(machine);
        machine.run(task -> {
            long text = map(machine, task, file, PROT_RW, MAP_SHARED);
            machine.syscalls.memory().read(task, text, 1);
            assertThat(machine.syscalls.madvise(task, text, 2 * PAGE, MADV_REMOVE)).isZero();
            assertThat(machine.mm.residentPages()).isEqualTo(14);
            assertThat(file.frame(1)).isEqualTo(FolioTable.NO_FRAME);
        });
    }

    @Test
    void mincoreOfAGuardTellsOfThePageCache() {
        Machine machine = boot(KernelVersion.V7_2);
        VirtualFile file = cachedFile(machine);
        machine.run(task -> {
            long text = map(machine, task, file, PROT_READ, MAP_SHARED);
            machine.syscalls.madvise(task, text, PAGE, MADV_GUARD_INSTALL);
            byte[] resident = new byte[1];
            assertThat(machine.syscalls.mincore(task, text, PAGE, resident)).isZero();
            assertThat(resident[0]).isEqualTo((byte) 1);
        });
    }

    @Test
    void validatedSharingIsSharingThatRefusesUnknownFlags() {
        Machine machine = boot(KernelVersion.V7_2);
        VirtualFile file = cachedFile(machine);
        machine.run(task -> {
            long text = map(machine, task, file, PROT_RW, MAP_SHARED_VALIDATE);
            assertThat(machine.mm.vmas().lookup(text).is(VmFlags.VM_SHARED)).isTrue();
            int unknown = MAP_SHARED_VALIDATE | MAP_FIXED_NOREPLACE;
            assertThat(machine.syscalls.mmap(task, text - PAGE, PAGE, PROT_RW, unknown, file, 0)).isEqualTo(-Errno.EOPNOTSUPP);
        });
    }

    @Test
    void populatingASharedMappingDoesNotWriteToIt() {
        Machine machine = boot(KernelVersion.V7_2);
        VirtualFile file = cachedFile(machine);
        machine.run(task -> machine.syscalls.mmap(task, 0, PAGES * PAGE, PROT_RW, MAP_SHARED | MAP_POPULATE, file, 0));
        assertThat(faults.kinds()).isEmpty();
        assertThat(machine.memory.folios().has(file.frame(0), FolioTable.DIRTY)).isFalse();
        assertThat(machine.mm.residentPages()).isEqualTo(PAGES);
    }

    @Test
    void aPrivateWriteCopiesAndLeavesTheFilesPageAlone() {
        Machine machine = boot(KernelVersion.V7_2);
        VirtualFile file = cachedFile(machine);
        machine.run(task -> {
            long data = map(machine, task, file, PROT_RW, MAP_PRIVATE);
            machine.syscalls.memory().write(task, data, 1);
            machine.syscalls.memory().read(task, data + 100 * PAGE, 1);
            machine.syscalls.memory().write(task, data + 100 * PAGE, 1);
        });
        assertThat(faults.kinds()).containsExactly(FaultKind.COW, FaultKind.FILE, FaultKind.COW);
        assertThat(machine.memory.folios().mapcount(file.frame(0))).isZero();
        assertThat(machine.memory.folios().mapcount(file.frame(100))).isZero();
    }

    @Test
    void aSharedWriteReachesTheFilesOwnPage() {
        Machine machine = boot(KernelVersion.V7_2);
        VirtualFile file = cachedFile(machine);
        machine.run(task -> {
            long data = map(machine, task, file, PROT_RW, MAP_SHARED);
            machine.syscalls.memory().write(task, data, 1);
            machine.syscalls.memory().read(task, data + 100 * PAGE, 1);
            machine.syscalls.memory().write(task, data + 100 * PAGE, 1);
            assertThat(machine.syscalls.munmap(task, data, PAGES * PAGE)).isZero();
        });
        assertThat(faults.kinds()).containsExactly(FaultKind.FILE, FaultKind.FILE, FaultKind.REUSE);
        assertThat(machine.memory.folios().has(file.frame(0), FolioTable.DIRTY)).isTrue();
        assertThat(machine.memory.folios().has(file.frame(1), FolioTable.DIRTY)).isFalse();
    }

    /// Found on a real 6.18 by `conform`: only private memory needs pages of its own (`mprotect_fixup`).
    @Test
    void lockedSharedMemoryThatBecomesWritableIsNotFaultedIn() {
        Machine machine = boot(KernelVersion.V7_2);
        VirtualFile file = cachedFile(machine);
        machine.run(task -> {
            long data = map(machine, task, file, PROT_READ, MAP_SHARED);
            machine.syscalls.munmap(task, data + 2 * PAGE, PAGE);
            // A hole: what precedes it is locked, but not faulted in.
            assertThat(machine.syscalls.mlock(task, data + PAGE, 2 * PAGE)).isEqualTo(-Errno.ENOMEM);
            assertThat(machine.syscalls.mprotect(task, data + PAGE, PAGE, PROT_RW)).isZero();
            assertThat(machine.mm.residentPages()).isZero();
        });
    }

    @Test
    void pagesOfFilesSurviveDontneedInMemory() {
        Machine machine = boot(KernelVersion.V7_2);
        VirtualFile file = cachedFile(machine);
        machine.run(task -> {
            long text = map(machine, task, file, PROT_READ, MAP_PRIVATE);
            machine.syscalls.memory().read(task, text, 16 * PAGE);
            assertThat(machine.syscalls.madvise(task, text, PAGES * PAGE, MADV_DONTNEED)).isZero();
            assertThat(machine.mm.residentPages()).isZero();
            machine.syscalls.memory().read(task, text, 1);
        });
        assertThat(machine.memory.vmstat().get(VmStat.Item.PGMAJFAULT)).isZero();
    }

    @Test
    void beyondTheEndOfTheFileIsABusError() {
        Machine machine = boot(KernelVersion.V7_2);
        VirtualFile file = cachedFile(machine);
        machine.run(task -> {
            long text = machine.syscalls.mmap(task, 0, 2 * PAGE, PROT_READ, MAP_PRIVATE, file, (PAGES - 1) * PAGE);
            machine.syscalls.memory().read(task, text, PAGE);
            assertThatThrownBy(() -> machine.syscalls.memory().read(task, text + PAGE, 1)).isInstanceOf(BusError.class);
        });
    }

    @Test
    void mappingsMergeOnlyWithinOneFileAtOneOffset() {
        Machine machine = boot(KernelVersion.V7_2);
        VirtualFile file = cachedFile(machine);
        VirtualFile other = cachedFile(machine);
        machine.run(task -> {
            long at = 0x1000_0000_0000L;
            int fixed = MAP_PRIVATE | MAP_FIXED;
            machine.syscalls.mmap(task, at, 4 * PAGE, PROT_READ, fixed, file, 0);
            machine.syscalls.mmap(task, at + 4 * PAGE, 4 * PAGE, PROT_READ, fixed, file, 4 * PAGE);
            assertThat(machine.mm.mapCount()).isEqualTo(1);
            machine.syscalls.mmap(task, at + 8 * PAGE, 4 * PAGE, PROT_READ, fixed, file, 0);
            machine.syscalls.mmap(task, at + 12 * PAGE, 4 * PAGE, PROT_READ, fixed, other, 4 * PAGE);
            machine.syscalls.mmap(task, at + 16 * PAGE, 4 * PAGE, PROT_READ, fixed | MAP_ANONYMOUS, null, 0);
            assertThat(machine.mm.mapCount()).isEqualTo(4);
            assertThat(machine.syscalls.munmap(task, at + 2 * PAGE, PAGE)).isZero();
            assertThat(file.mappings()).hasSize(3);
        });
    }

    @Test
    void fileMappingsErrorsComeInLinuxOrder() {
        Machine machine = boot(KernelVersion.V7_2);
        VirtualFile file = cachedFile(machine);
        machine.run(task -> {
            assertThat(machine.syscalls.mmap(task, 0, 0, PROT_READ, MAP_PRIVATE, null, 1)).isEqualTo(-Errno.EINVAL);
            assertThat(machine.syscalls.mmap(task, 0, 0, PROT_READ, MAP_PRIVATE, null, 0)).isEqualTo(-Errno.EBADF);
            assertThat(machine.syscalls.mmap(task, 0, 0, PROT_READ, MAP_PRIVATE, file, 0)).isEqualTo(-Errno.EINVAL);
            assertThat(machine.syscalls.mmap(task, 0, PAGE, PROT_READ, 0, file, 0)).isEqualTo(-Errno.EINVAL);
            long text = map(machine, task, file, PROT_READ, MAP_PRIVATE);
            assertThat(machine.syscalls.madvise(task, text, PAGE, MADV_FREE)).isEqualTo(-Errno.EINVAL);
            assertThat(machine.syscalls.madvise(task, text, PAGE, MADV_REMOVE)).isEqualTo(-Errno.EACCES);
        });
    }
}
