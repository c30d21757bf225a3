package io.janklab.kernel.mm.fault;

import static io.janklab.kernel.uapi.Mman.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.check.KernelFixture;
import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.space.VirtualFile;
import io.janklab.kernel.syscall.OutOfMemoryKill;
import io.janklab.kernel.uapi.Errno;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Each allocation of a program over files and huge pages is made to fail once, run by run; the fixture finds nothing leaked.
class HugeOutOfMemoryTest {
    private static final long PAGE = Addresses.PAGE_SIZE;
    private static final long HUGE = Addresses.PMD_SIZE;
    private static final long HEAP = 0x1000_0000_0000L;
    private static final long TEXT = 0x1100_0000_0000L;
    private static final long DATA = 0x1200_0000_0000L;
    private static final int ANON_FIXED = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;

    @RegisterExtension
    final KernelFixture kernel = new KernelFixture();

    @Test
    void anyAllocationMayFailAndNothingIsLeaked() {
        int failures = 0;
        while (runFailing(failures + 1)) {
            failures++;
        }
        assertThat(failures).as("allocations that were made to fail").isGreaterThan(500);
    }

    /// @return whether the program made as many as `n` allocations, so that the `n`-th failed
    private boolean runFailing(int n) {
        KernelProfile profile = KernelProfile.of(KernelVersion.V7_2, Architecture.X86_64);
        Machine machine = kernel.boot(1, Hardware.symmetric(Architecture.X86_64, 2, 64 << 20), profile);
        VirtualFile file = machine.memory.pageCache().create("base.apk", 600);
        machine.memory.frames().failNth(n);
        machine.run(task -> {
            hugeMemory(machine, task);
            files(machine, task, file);
        });
        return !machine.memory.frames().isFailurePending();
    }

    private static void hugeMemory(Machine machine, Task task) {
        machine.syscalls.mmap(task, HEAP, 2 * HUGE, PROT_RW, ANON_FIXED);
        survive(() -> machine.syscalls.memory().write(task, HEAP, 4 * PAGE));
        assertThat(machine.syscalls.madvise(task, HEAP, HUGE, MADV_COLLAPSE)).isIn(0L, (long) -Errno.ENOMEM, (long) -Errno.EINVAL);
        machine.syscalls.madvise(task, HEAP, 2 * HUGE, MADV_HUGEPAGE);
        survive(() -> machine.syscalls.memory().read(task, HEAP + HUGE, 1));
        survive(() -> machine.syscalls.memory().write(task, HEAP + HUGE, 1));
        machine.syscalls.madvise(task, HEAP, PAGE, MADV_DONTNEED);
        survive(() -> machine.syscalls.memory().write(task, HEAP, 1));
    }

    private static void files(Machine machine, Task task, VirtualFile file) {
        machine.syscalls.mmap(task, TEXT, HUGE, PROT_READ, MAP_PRIVATE | MAP_FIXED, file, 0);
        machine.syscalls.mmap(task, DATA, 8 * PAGE, PROT_RW, MAP_PRIVATE | MAP_FIXED, file, 520 * PAGE);
        survive(() -> machine.syscalls.memory().read(task, TEXT + 100 * PAGE, 1));
        survive(() -> machine.syscalls.memory().write(task, DATA, 2 * PAGE));
        assertThat(machine.syscalls.processVmReadv(task, machine.mm.tgid(), TEXT, PAGE)).isIn(PAGE, (long) -Errno.EFAULT);
        assertThat(machine.syscalls.madvise(task, TEXT, HUGE, MADV_COLLAPSE)).isIn(0L, (long) -Errno.ENOMEM, (long) -Errno.EAGAIN);
        survive(() -> machine.syscalls.memory().read(task, TEXT, HUGE));
    }

    private static void survive(Runnable access) {
        try {
            access.run();
        } catch (OutOfMemoryKill killed) {
            // The program goes on where a real one would be dead.
        }
    }
}
