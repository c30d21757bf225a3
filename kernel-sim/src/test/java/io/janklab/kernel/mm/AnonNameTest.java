package io.janklab.kernel.mm;

import static io.janklab.kernel.uapi.Mman.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.check.KernelFixture;
import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.uapi.Errno;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Named anonymous memory (`PR_SET_VMA_ANON_NAME`).
class AnonNameTest {
    private static final long PAGE = PageTable.PAGE_SIZE;

    @RegisterExtension
    final KernelFixture kernel = new KernelFixture();

    private final Machine machine = kernel.boot(KernelVersion.V6_17);

    private long map(Task task, long pages) {
        return machine.syscalls.mmap(task, 0, pages * PAGE, PROT_RW, MAP_PRIVATE | MAP_ANONYMOUS);
    }

    @Test
    void namedMemoryMergesOnlyWithItsNamesakes() {
        machine.run(task -> {
            long first = map(task, 1);
            assertThat(machine.syscalls.setAnonName(task, first, PAGE, "[anon:a]")).isZero();
            long second = map(task, 1);
            assertThat(second).isEqualTo(first - PAGE);
            assertThat(machine.mm.mapCount()).isEqualTo(2);

            assertThat(machine.syscalls.setAnonName(task, second, PAGE, "[anon:b]")).isZero();
            assertThat(machine.mm.mapCount()).isEqualTo(2);
            assertThat(machine.syscalls.setAnonName(task, second, PAGE, "[anon:a]")).isZero();
            assertThat(machine.mm.mapCount()).isEqualTo(1);
        });
    }

    @Test
    void namingPartOfAVmaSplitsIt() {
        machine.run(task -> {
            long address = map(task, 3);
            assertThat(machine.syscalls.setAnonName(task, address + PAGE, PAGE, "[anon:middle]")).isZero();

            assertThat(machine.mm.mapCount()).isEqualTo(3);
            assertThat(machine.mm.vmas().lookup(address + PAGE).name()).isEqualTo("[anon:middle]");
            assertThat(machine.mm.vmas().lookup(address).name()).isEqualTo("[anon]");
        });
    }

    @Test
    void holeIsReportedAfterTheRestHasBeenNamed() {
        machine.run(task -> {
            long address = map(task, 3);
            machine.syscalls.munmap(task, address + PAGE, PAGE);

            assertThat(machine.syscalls.setAnonName(task, address, 3 * PAGE, "[anon:x]")).isEqualTo(-Errno.ENOMEM);
            assertThat(machine.mm.vmas().lookup(address).anonName()).isEqualTo("[anon:x]");
            assertThat(machine.mm.vmas().lookup(address + 2 * PAGE).anonName()).isEqualTo("[anon:x]");
            assertThat(machine.syscalls.setAnonName(task, address + 1, PAGE, "[anon:x]")).isEqualTo(-Errno.EINVAL);
            assertThat(machine.syscalls.setAnonName(task, address, 0, "[anon:x]")).isZero();
        });
    }
}
