package io.janklab.kernel.mm.map;

import static io.janklab.kernel.uapi.Mman.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.check.KernelFixture;
import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.space.VirtualFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// VM_ACCOUNT, seen as Linux shows it: in which VMAs merge (found on a real 6.18 by `conform`).
final class CommitChargeTest {
    private static final long AT = 0x1000_0000L;
    private static final long PAGE = Addresses.PAGE_SIZE;
    private static final int FIXED = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;

    @RegisterExtension
    final KernelFixture kernel = new KernelFixture();

    /// Two neighbours end up with the same rights, the upper one having been writable before; `written` or not meanwhile.
    private int mapsAfter(KernelVersion version, boolean written) {
        Machine machine = kernel.boot(version);
        machine.run(task -> {
            machine.syscalls.mmap(task, AT, PAGE, PROT_READ, FIXED);
            machine.syscalls.mmap(task, AT + PAGE, PAGE, PROT_RW, FIXED);
            if (written) {
                machine.syscalls.memory().write(task, AT + PAGE, 1);
            }
            assertThat(machine.syscalls.mprotect(task, AT + PAGE, PAGE, PROT_READ)).isZero();
        });
        return machine.mm.mapCount();
    }

    @Test
    void whatHasBeenWrittenStaysChargedAndApart() {
        assertThat(mapsAfter(KernelVersion.V6_17, true)).isEqualTo(2);
    }

    @Test
    void whatWasNeverWrittenGivesItsChargeBackAndMerges() {
        assertThat(mapsAfter(KernelVersion.V6_17, false)).isEqualTo(1);
    }

    @Test
    void before67TheChargeWasNeverGivenBack() {
        assertThat(mapsAfter(KernelVersion.V6_6, false)).isEqualTo(2);
    }

    @Test
    void noreserveIsNeverCharged() {
        Machine machine = kernel.boot(KernelVersion.V6_17);
        machine.run(task -> {
            machine.syscalls.mmap(task, AT, PAGE, PROT_READ, FIXED | MAP_NORESERVE);
            machine.syscalls.mmap(task, AT + PAGE, PAGE, PROT_RW, FIXED | MAP_NORESERVE);
            machine.syscalls.memory().write(task, AT + PAGE, 1);
            machine.syscalls.mprotect(task, AT + PAGE, PAGE, PROT_READ);
        });
        assertThat(machine.mm.mapCount()).isEqualTo(1);
    }

    /// The charge is given back of anonymous memory alone.
    @Test
    void whatAFilesMappingWasChargedForStays() {
        Machine machine = kernel.boot(KernelVersion.V6_17);
        VirtualFile file = machine.memory.pageCache().create("file", 2);
        machine.run(task -> {
            machine.syscalls.mmap(task, AT, 2 * PAGE, PROT_READ, MAP_PRIVATE | MAP_FIXED, file, 0);
            machine.syscalls.mprotect(task, AT, PAGE, PROT_RW);
            machine.syscalls.mprotect(task, AT, 2 * PAGE, PROT_READ);
        });
        assertThat(machine.mm.mapCount()).isEqualTo(2);
    }

    @Test
    void sharedMemoryIsItsFilesToChargeFor() {
        Machine machine = kernel.boot(KernelVersion.V6_17);
        VirtualFile file = machine.memory.pageCache().create("file", 2);
        machine.run(task -> {
            machine.syscalls.mmap(task, AT, 2 * PAGE, PROT_READ, MAP_SHARED | MAP_FIXED, file, 0);
            machine.syscalls.mprotect(task, AT, PAGE, PROT_RW);
            machine.syscalls.mprotect(task, AT, 2 * PAGE, PROT_READ);
        });
        assertThat(machine.mm.mapCount()).isEqualTo(1);
    }
}
