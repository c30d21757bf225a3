package io.janklab.kernel.mm.map;

import static io.janklab.kernel.uapi.Mman.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.mm.AddressSpaceCase;
import io.janklab.kernel.uapi.Errno;
import org.junit.jupiter.api.Test;

class MincoreTest extends AddressSpaceCase {
    @Test
    void tellsWhatIsMappedTheZeroPageIncludedGuardsNot() {
        withHeap(KernelVersion.V6_17, 8, 2, (machine, task) -> {
            machine.syscalls.memory().read(task, page(3), PAGE);
            machine.syscalls.madvise(task, page(5), PAGE, MADV_GUARD_INSTALL);
            byte[] resident = {9, 9, 9, 9, 9, 9, 9, 9};
            assertThat(machine.syscalls.mincore(task, HEAP, 8 * PAGE, resident)).isZero();
            assertThat(resident).containsExactly(1, 1, 0, 1, 0, 0, 0, 0);
        });
    }

    @Test
    void errorsComeInLinuxOrder() {
        withHeap(KernelVersion.V6_17, 8, 8, (machine, task) -> {
            byte[] resident = new byte[32];
            assertThat(machine.syscalls.mincore(task, HEAP + 1, PAGE, null)).isEqualTo(-Errno.EINVAL);
            assertThat(machine.syscalls.mincore(task, Long.MIN_VALUE, PAGE, null)).isEqualTo(-Errno.ENOMEM);
            assertThat(machine.syscalls.mincore(task, HEAP, PAGE, null)).isEqualTo(-Errno.EFAULT);
            assertThat(machine.syscalls.mincore(task, HEAP, 20 * PAGE, resident)).isEqualTo(-Errno.ENOMEM);
            assertThat(resident[7]).as("filled in up to the hole").isEqualTo((byte) 1);
            assertThat(machine.syscalls.mincore(task, HEAP, 0, resident)).isZero();
        });
    }

    @Test
    void looksAcrossVmasAndTables() {
        withHeap(KernelVersion.V6_17, 6000, 1, (machine, task) -> {
            machine.syscalls.mprotect(task, page(4100), PAGE, PROT_READ);
            machine.syscalls.memory().read(task, page(4100), PAGE);
            byte[] resident = new byte[6000];
            assertThat(machine.syscalls.mincore(task, HEAP, 6000 * PAGE, resident)).isZero();
            for (int i = 0; i < resident.length; i++) {
                assertThat(resident[i]).as("page %d", i).isEqualTo((byte) (i == 0 || i == 4100 ? 1 : 0));
            }
        });
    }
}
