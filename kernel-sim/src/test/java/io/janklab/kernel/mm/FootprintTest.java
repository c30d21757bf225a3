package io.janklab.kernel.mm;

import static io.janklab.kernel.uapi.Mman.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.check.KernelFixture;
import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.mm.page.Addresses;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;

/// What simulated memory costs in host memory. Alone in its JVM meanwhile: other tests allocate from the same heap.
@Isolated
class FootprintTest {
    private static final long PAGE = Addresses.PAGE_SIZE;
    private static final int ANON = MAP_PRIVATE | MAP_ANONYMOUS;
    private static final long RESIDENT = 1L << 30;
    private static final int VMAS = 10_000;

    @RegisterExtension
    final KernelFixture kernel = new KernelFixture();

    private final Machine machine = kernel.boot(
            1, Hardware.symmetric(Architecture.ARM64, 2, 2 * RESIDENT), KernelProfile.of(KernelVersion.V6_17, Architecture.ARM64));

    private static long hostBytes() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    @Test
    void residentPageCostsAtMost32Bytes() {
        long before = hostBytes();
        machine.run(task -> {
            long heap = machine.syscalls.mmap(task, 0, RESIDENT, PROT_RW, ANON);
            machine.syscalls.memory().write(task, heap, RESIDENT);
        });
        assertThat((hostBytes() - before) / (double) machine.mm.residentPages()).isLessThanOrEqualTo(32);
    }

    @Test
    void emptyVmaCostsAtMost200Bytes() {
        long before = hostBytes();
        machine.run(task -> {
            for (int i = 0; i < VMAS; i++) {
                machine.syscalls.mmap(task, 0, PAGE, i % 2 == 0 ? PROT_RW : PROT_READ, ANON);
            }
        });
        assertThat(machine.mm.mapCount()).isEqualTo(VMAS);
        assertThat((hostBytes() - before) / VMAS).isLessThanOrEqualTo(200);
    }
}
