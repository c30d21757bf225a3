package io.janklab.kernel.mm;

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
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.syscall.OutOfMemoryKill;
import io.janklab.kernel.syscall.UserfaultFd;
import io.janklab.kernel.uapi.Errno;
import io.janklab.kernel.uapi.Uffd;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every single allocation of a program fails once, each in a run of its own; nothing may be leaked, left locked or miscounted.
class OutOfMemoryTest {
    private static final long PAGE = Addresses.PAGE_SIZE;
    private static final long TABLE = Addresses.PMD_SIZE;
    private static final int ANON_FIXED = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
    private static final long HEAP = 0x5000_0000_0000L;
    private static final long MISSING = 0x6000_0000_0000L;
    private static final long FAR = 0x1000_0000_0000L;
    private static final long MOVED = 0x3000_0000_0000L + 5 * PAGE;
    private static final long STACK = 0x2000_0000_0000L;

    @RegisterExtension
    final KernelFixture kernel = new KernelFixture();

    @ParameterizedTest
    @EnumSource(KernelVersion.class)
    void anyAllocationMayFailAndNothingIsLeaked(KernelVersion version) {
        int failures = 0;
        while (runFailing(version, failures + 1)) {
            failures++;
        }
        assertThat(failures).as("allocations that were made to fail").isGreaterThan(30);
    }

    /// @return whether the program made as many as `n` allocations, so that the `n`-th failed
    private boolean runFailing(KernelVersion version, int n) {
        KernelProfile profile = KernelProfile.of(version, Architecture.ARM64);
        Machine machine = kernel.boot(1, Hardware.symmetric(Architecture.ARM64, 2, 64 << 20), profile);
        machine.memory.frames().failNth(n);
        machine.run(task -> program(machine, task));
        return !machine.memory.frames().isFailurePending();
    }

    private void program(Machine machine, Task task) {
        machine.syscalls.mmap(task, HEAP, 2 * TABLE, PROT_RW, ANON_FIXED);
        machine.syscalls.mmap(task, FAR, 4 * PAGE, PROT_RW, ANON_FIXED | MAP_POPULATE);
        touch(machine, task, HEAP, 4, true);
        touch(machine, task, HEAP + TABLE, 4, false);
        touch(machine, task, HEAP + TABLE, 2, true);
        assertThat(machine.syscalls.copyToUser(task, HEAP + 8 * PAGE, 2 * PAGE)).isIn(2 * PAGE, PAGE, (long) -Errno.EFAULT);
        assertThat(machine.syscalls.copyFromUser(task, HEAP + 12 * PAGE, PAGE)).isIn(PAGE, (long) -Errno.EFAULT);
        assertThat(machine.syscalls.madvise(task, HEAP + 16 * PAGE, 4 * PAGE, MADV_POPULATE_WRITE)).isIn(0L, (long) -Errno.ENOMEM);
        userfaultfd(machine, task);
        machine.process.fork(task, "child", (child, childTask) -> survive(child.syscalls().memory()::write, childTask, HEAP));
        touch(machine, task, HEAP, 4, true);
        machine.syscalls.mprotect(task, HEAP + PAGE, PAGE, PROT_READ);
        machine.syscalls.madvise(task, HEAP, 2 * TABLE, MADV_FREE);
        machine.syscalls.madvise(task, HEAP, TABLE, MADV_DONTNEED);
        machine.syscalls.madvise(task, HEAP + TABLE, PAGE, MADV_GUARD_INSTALL);
        machine.syscalls.madvise(task, HEAP + TABLE, PAGE, MADV_GUARD_REMOVE);
        touch(machine, task, HEAP + TABLE, 2, true);
        machine.syscalls.munmap(task, HEAP + TABLE + PAGE, PAGE);
        addressSpace(machine, task);
    }

    /// Locking, moving, sealing, naming and looking on.
    private static void addressSpace(Machine machine, Task task) {
        machine.syscalls.brk(task, Mm.START_BRK + 4 * PAGE);
        touch(machine, task, Mm.START_BRK, 4, true);
        assertThat(machine.syscalls.mlock(task, HEAP, 4 * PAGE)).isIn(0L, (long) -Errno.EAGAIN);
        machine.syscalls.munlock(task, HEAP, 4 * PAGE);
        long movable = HEAP + 2 * PAGE;
        long moved = machine.syscalls.mremap(task, movable, TABLE - 2 * PAGE, TABLE, MREMAP_MAYMOVE | MREMAP_FIXED, MOVED);
        assertThat(moved).isIn(MOVED, (long) -Errno.ENOMEM);
        touch(machine, task, moved == MOVED ? MOVED : movable, 8, true);
        machine.syscalls.mmap(task, STACK, PAGE, PROT_RW, ANON_FIXED | MAP_GROWSDOWN);
        touch(machine, task, STACK - 8 * PAGE, 2, true);
        machine.syscalls.setAnonName(task, STACK, PAGE, "stack");
        machine.syscalls.processMadvise(task, task.tgid(), new long[] {STACK - 8 * PAGE, FAR}, new long[] {PAGE, PAGE}, MADV_DONTNEED, 0);
        assertThat(machine.syscalls.mincore(task, FAR, 4 * PAGE, new byte[4])).isZero();
        machine.syscalls.openMaps(task, task.tgid()).readAll(task);
        machine.syscalls.openSmaps(task, task.tgid()).readAll(task);
        machine.syscalls.mseal(task, FAR, PAGE, 0);
        machine.syscalls.munmap(task, FAR, 4 * PAGE);
        machine.syscalls.brk(task, Mm.START_BRK);
    }

    /// Missing pages filled by copy, zero page and move.
    private static void userfaultfd(Machine machine, Task task) {
        machine.syscalls.mmap(task, MISSING, 8 * PAGE, PROT_RW, ANON_FIXED);
        UserfaultFd uffd = machine.syscalls.userfaultfd(task, Uffd.UFFD_FEATURE_SIGBUS);
        uffd.register(task, MISSING, 8 * PAGE, Uffd.UFFDIO_REGISTER_MODE_MISSING);
        uffd.copy(task, MISSING, HEAP + 16 * PAGE, 2 * PAGE, 0);
        uffd.zeropage(task, MISSING + 4 * PAGE, PAGE, 0);
        uffd.move(task, MISSING + 5 * PAGE, HEAP + 17 * PAGE, PAGE, 0);
        uffd.unregister(task, MISSING, 8 * PAGE);
    }

    private interface Access {
        void run(Task task, long address, long length);
    }

    private static void touch(Machine machine, Task task, long address, int pages, boolean write) {
        for (int i = 0; i < pages; i++) {
            survive(write ? machine.syscalls.memory()::write : machine.syscalls.memory()::read, task, address + i * PAGE);
        }
    }

    /// A real process would be killed; this one goes on, so that what comes later is tried too.
    private static void survive(Access access, Task task, long address) {
        try {
            access.run(task, address, 1);
        } catch (OutOfMemoryKill e) {
            task.compute(1_000);
        }
    }
}
