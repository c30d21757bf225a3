package io.janklab.kernel.mm.map;

import static io.janklab.kernel.uapi.Mman.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.mm.AddressSpaceCase;
import io.janklab.kernel.mm.space.VirtualFile;
import io.janklab.kernel.uapi.Errno;
import org.junit.jupiter.api.Test;

class AnonNameTest extends AddressSpaceCase {
    @Test
    void namesSplitAndEqualNamesMerge() {
        withHeap(KernelVersion.V6_17, 8, 8, (machine, task) -> {
            assertThat(machine.syscalls.setAnonName(task, page(2), PAGE, "scudo:primary")).isZero();
            assertThat(layout(machine)).containsExactly("0-2", "2-3", "3-8");
            assertThat(machine.mm.vmas().lookup(page(2)).name()).isEqualTo("[anon:scudo:primary]");
            machine.syscalls.setAnonName(task, page(3), PAGE, "scudo:primary");
            assertThat(layout(machine)).containsExactly("0-2", "2-4", "4-8");
            machine.syscalls.setAnonName(task, HEAP, 8 * PAGE, null);
            assertThat(layout(machine)).containsExactly("0-8");
        });
    }

    @Test
    void splitKeepsTheNameAndNewMemoryBesideItStaysApart() {
        withHeap(KernelVersion.V6_17, 4, 0, (machine, task) -> {
            machine.syscalls.setAnonName(task, HEAP, 4 * PAGE, "heap");
            machine.syscalls.mprotect(task, page(2), PAGE, PROT_READ);
            assertThat(machine.mm.vmas().lookup(page(3)).anonName()).isEqualTo("heap");
            machine.syscalls.mmap(task, page(4), PAGE, PROT_RW, ANON_FIXED);
            assertThat(layout(machine)).containsExactly("0-2", "2-3", "3-4", "4-5");
        });
    }

    @Test
    void refusesUnfitNamesAndReportsHolesAtTheEnd() {
        withHeap(KernelVersion.V6_17, 4, 0, (machine, task) -> {
            assertThat(machine.syscalls.setAnonName(task, HEAP, PAGE, "he[ap")).isEqualTo(-Errno.EINVAL);
            assertThat(machine.syscalls.setAnonName(task, HEAP, PAGE, "x".repeat(80))).isEqualTo(-Errno.EINVAL);
            assertThat(machine.syscalls.setAnonName(task, HEAP + 1, PAGE, "heap")).isEqualTo(-Errno.EINVAL);
            machine.syscalls.mmap(task, page(6), PAGE, PROT_RW, ANON_FIXED);
            assertThat(machine.syscalls.setAnonName(task, page(3), 4 * PAGE, "heap")).isEqualTo(-Errno.ENOMEM);
            assertThat(machine.mm.vmas().lookup(page(6)).anonName()).as("later VMAs are named").isEqualTo("heap");
        });
    }

    /// `madvise_update_vma`.
    @Test
    void aFilesMappingCannotBeNamed() {
        withHeap(KernelVersion.V6_17, 1, 0, (machine, task) -> {
            VirtualFile file = machine.memory.pageCache().create("base.odex", 1);
            long text = machine.syscalls.mmap(task, 0, PAGE, PROT_READ, MAP_PRIVATE, file, 0);
            assertThat(machine.syscalls.setAnonName(task, text, PAGE, "text")).isEqualTo(-Errno.EBADF);
        });
    }
}
