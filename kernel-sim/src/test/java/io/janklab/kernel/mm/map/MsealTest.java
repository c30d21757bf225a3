package io.janklab.kernel.mm.map;

import static io.janklab.kernel.uapi.Mman.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.mm.AddressSpaceCase;
import io.janklab.kernel.mm.space.VirtualFile;
import io.janklab.kernel.uapi.Errno;
import org.junit.jupiter.api.Test;

/// Return values and layouts were compared with those of Linux 6.18 on x86-64; EPERM matrix of selftests `mm/mseal_test.c`.
class MsealTest extends AddressSpaceCase {
    @Test
    void unknownBefore610() {
        withHeap(KernelVersion.V6_6, 1, 0, (machine, task) ->
                assertThat(machine.syscalls.mseal(task, HEAP, PAGE, 0)).isEqualTo(-Errno.ENOSYS));
    }

    @Test
    void refusesBadArgumentsAndHolesSealingNothing() {
        withHeap(KernelVersion.V6_17, 16, 0, (machine, task) -> {
            assertThat(machine.syscalls.mseal(task, HEAP + 1, PAGE, 0)).isEqualTo(-Errno.EINVAL);
            assertThat(machine.syscalls.mseal(task, HEAP, PAGE, 1)).isEqualTo(-Errno.EINVAL);
            assertThat(machine.syscalls.mseal(task, HEAP, 0, 0)).isZero();
            assertThat(machine.syscalls.mseal(task, HEAP, -1, 0)).isEqualTo(-Errno.EINVAL);
            assertThat(machine.syscalls.mseal(task, page(15), 2 * PAGE, 0)).isEqualTo(-Errno.ENOMEM);
            assertThat(layout(machine)).containsExactly("0-16");
        });
    }

    @Test
    void sealedMappingsKeepTheirPlaceAndRights() {
        withHeap(KernelVersion.V6_17, 16, 16, (machine, task) -> {
            assertThat(machine.syscalls.mseal(task, page(2), 2 * PAGE, 0)).isZero();
            assertThat(layout(machine)).containsExactly("0-2", "2-4", "4-16");
            assertThat(machine.syscalls.munmap(task, HEAP, 8 * PAGE)).isEqualTo(-Errno.EPERM);
            assertThat(machine.mm.residentPages()).as("all or nothing").isEqualTo(16);
            assertThat(machine.syscalls.mprotect(task, HEAP, 8 * PAGE, PROT_READ)).isEqualTo(-Errno.EPERM);
            assertThat(faults(machine, task, HEAP, true)).as("what precedes it is changed").isTrue();
            assertThat(faults(machine, task, page(2), true)).isFalse();
            assertThat(machine.syscalls.mremap(task, page(2), 2 * PAGE, PAGE, 0, 0)).isEqualTo(-Errno.EPERM);
            assertThat(machine.syscalls.mremap(task, page(2), 2 * PAGE, 4 * PAGE, MREMAP_MAYMOVE, 0)).isEqualTo(-Errno.EPERM);
            assertThat(machine.syscalls.mremap(task, page(8), 2 * PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, page(2)))
                    .isEqualTo(-Errno.EPERM);
            assertThat(machine.syscalls.mmap(task, page(3), PAGE, PROT_RW, ANON_FIXED)).isEqualTo(-Errno.EPERM);
        });
    }

    @Test
    void discardIsForbiddenOnlyWhereWritingWouldBe() {
        withHeap(KernelVersion.V6_17, 4, 4, (machine, task) -> {
            machine.syscalls.mprotect(task, HEAP, PAGE, PROT_READ);
            machine.syscalls.mseal(task, HEAP, 4 * PAGE, 0);
            assertThat(machine.syscalls.madvise(task, HEAP, PAGE, MADV_DONTNEED)).isEqualTo(-Errno.EPERM);
            assertThat(machine.syscalls.madvise(task, HEAP, PAGE, MADV_COLD)).isZero();
            assertThat(machine.syscalls.madvise(task, page(1), PAGE, MADV_DONTNEED)).isZero();
        });
    }

    /// `can_madvise_modify`: files' mappings may always be discarded.
    @Test
    void aSealedReadOnlyMappingOfAFileMayBeDiscarded() {
        withHeap(KernelVersion.V6_17, 1, 0, (machine, task) -> {
            VirtualFile file = machine.memory.pageCache().create("base.odex", 1);
            long text = machine.syscalls.mmap(task, 0, PAGE, PROT_READ, MAP_PRIVATE, file, 0);
            assertThat(machine.syscalls.mseal(task, text, PAGE, 0)).isZero();
            assertThat(machine.syscalls.madvise(task, text, PAGE, MADV_DONTNEED)).isZero();
        });
    }
}
