package io.janklab.kernel.mm.uffd;

import static io.janklab.kernel.uapi.Errno.*;
import static io.janklab.kernel.uapi.Mman.*;
import static io.janklab.kernel.uapi.Uffd.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.janklab.kernel.check.KernelFixture;
import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.AndroidKernel;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.syscall.BusError;
import io.janklab.kernel.syscall.UserfaultFd;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// userfaultfd on shared anonymous memory (`shmem_get_folio_gfp`, `shmem_mfill_atomic_pte`, `PTE_MARKER_UFFD_WP`).
@Execution(ExecutionMode.CONCURRENT)
class UserfaultfdSharedTest {
    private static final long PAGE = RegisteredMemory.PAGE;
    private static final long AT = RegisteredMemory.AT;

    @RegisterExtension
    final KernelFixture kernel = new KernelFixture();

    /// Eight pages of shared memory, of which the first two have been written to, registered for `modes`.
    private void registeredFor(int modes, RegisteredMemory.Body body) {
        new RegisteredMemory(MAP_SHARED, 0, 2).on(kernel.boot(KernelVersion.V6_17), modes, body);
    }

    private static void raisesSigbus(Machine machine, Task task, long address) {
        assertThatThrownBy(() -> machine.syscalls.memory().read(task, address, 1)).isInstanceOf(BusError.class);
    }

    @Test
    void aPageThatTheMemoryHasIsNotMissingThoughItIsNotMapped() {
        registeredFor(UFFDIO_REGISTER_MODE_MISSING, (machine, task, userfaultfd) -> {
            machine.syscalls.madvise(task, AT, 2 * PAGE, MADV_DONTNEED);
            machine.syscalls.memory().read(task, AT, 1);
            raisesSigbus(machine, task, AT + 2 * PAGE);
            assertThat(userfaultfd.copy(task, AT + 2 * PAGE, AT, PAGE, 0)).isEqualTo(PAGE);
            machine.syscalls.memory().read(task, AT + 2 * PAGE, 1);
            assertThat(userfaultfd.zeropage(task, AT + 2 * PAGE, PAGE, 0)).isEqualTo(-EEXIST);
        });
    }

    @Test
    void whatTheMemoryHasIsNotReplacedThoughNothingMapsIt() {
        registeredFor(UFFDIO_REGISTER_MODE_MISSING, (machine, task, userfaultfd) -> {
            machine.syscalls.madvise(task, AT, 2 * PAGE, MADV_DONTNEED);
            assertThat(userfaultfd.copy(task, AT, AT + PAGE, PAGE, 0)).isEqualTo(-EEXIST);
            assertThat(userfaultfd.zeropage(task, AT, PAGE, 0)).isEqualTo(-EEXIST);
        });
    }

    @Test
    void continueMapsWhatTheMemoryHas() {
        registeredFor(UFFDIO_REGISTER_MODE_MINOR, (machine, task, userfaultfd) -> {
            machine.syscalls.madvise(task, AT, 2 * PAGE, MADV_DONTNEED);
            raisesSigbus(machine, task, AT);
            assertThat(userfaultfd.continueWith(task, AT, 4 * PAGE, 0)).as("up to the first page that it has not").isEqualTo(2 * PAGE);
            assertThat(userfaultfd.continueWith(task, AT, PAGE, 0)).isEqualTo(-EEXIST);
            assertThat(userfaultfd.continueWith(task, AT + 2 * PAGE, PAGE, 0)).isEqualTo(-EFAULT);
            machine.syscalls.memory().write(task, AT, 1);
            machine.syscalls.memory().write(task, AT + 3 * PAGE, 1);
        });
    }

    @Test
    void aSleepingMinorFaultIsWokenByContinue() {
        Machine machine = kernel.boot(KernelVersion.V7_2);
        UserfaultFd[] userfaultfd = new UserfaultFd[1];
        long[] address = new long[1];
        machine.spawnOn(0, "toucher", 0, task -> {
            machine.syscalls.mmap(task, AT, PAGE, PROT_RW, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED);
            machine.syscalls.memory().write(task, AT, 1);
            machine.syscalls.madvise(task, AT, PAGE, MADV_DONTNEED);
            userfaultfd[0] = machine.syscalls.userfaultfd(task, 0);
            userfaultfd[0].register(task, AT, PAGE, UFFDIO_REGISTER_MODE_MINOR);
            machine.syscalls.memory().write(task, AT, 1);
        });
        machine.spawnOn(1, "manager", 0, task -> {
            task.sleepUntil(1_000_000);
            address[0] = userfaultfd[0].read(task);
            assertThat(userfaultfd[0].continueWith(task, address[0], PAGE, 0)).isEqualTo(PAGE);
        });
        machine.run();
        assertThat(address[0]).isEqualTo(AT);
    }

    @Test
    void writeProtectionOutlivesTheMapping() {
        registeredFor(UFFDIO_REGISTER_MODE_WP, (machine, task, userfaultfd) -> {
            assertThat(userfaultfd.writeProtect(task, AT, 4 * PAGE, UFFDIO_WRITEPROTECT_MODE_WP)).isZero();
            machine.syscalls.madvise(task, AT, 4 * PAGE, MADV_DONTNEED);
            for (int page = 0; page < 4; page++) {
                long at = AT + page * PAGE;
                machine.syscalls.memory().read(task, at, 1);
                assertThatThrownBy(() -> machine.syscalls.memory().write(task, at, 1)).isInstanceOf(BusError.class);
            }
            assertThat(userfaultfd.writeProtect(task, AT, 4 * PAGE, 0)).isZero();
            machine.syscalls.memory().write(task, AT, 4 * PAGE);
        });
    }

    @Test
    void markersGoWithTheRegistration() {
        registeredFor(UFFDIO_REGISTER_MODE_WP, (machine, task, userfaultfd) -> {
            userfaultfd.writeProtect(task, AT, 8 * PAGE, UFFDIO_WRITEPROTECT_MODE_WP);
            userfaultfd.unregister(task, AT, 8 * PAGE);
            machine.syscalls.memory().write(task, AT, 8 * PAGE);
        });
    }

    @Test
    void pagesOfSharedMemoryAreNotMovedAndPrivateMemoryHasNoMinorFaults() {
        registeredFor(UFFDIO_REGISTER_MODE_MISSING, (machine, task, userfaultfd) -> {
            long heap = machine.syscalls.mmap(task, 0, PAGE, PROT_RW, MAP_PRIVATE | MAP_ANONYMOUS);
            machine.syscalls.memory().write(task, heap, 1);
            assertThat(userfaultfd.move(task, AT + 4 * PAGE, heap, PAGE, 0)).isEqualTo(-EINVAL);
            assertThat(userfaultfd.register(task, heap, PAGE, UFFDIO_REGISTER_MODE_MINOR)).isEqualTo(-EINVAL);
        });
    }

    /// Minor faults of shmem came with 5.14, its write protection with 5.19.
    @Test
    void androidsOlderKernelsRegisterLess() {
        assertThat(register(AndroidKernel.ANDROID12_5_10, UFFDIO_REGISTER_MODE_MINOR)).isEqualTo(-EINVAL);
        assertThat(register(AndroidKernel.ANDROID12_5_10, UFFDIO_REGISTER_MODE_MISSING)).isZero();
        assertThat(register(AndroidKernel.ANDROID13_5_15, UFFDIO_REGISTER_MODE_MINOR)).isZero();
        assertThat(register(AndroidKernel.ANDROID13_5_15, UFFDIO_REGISTER_MODE_WP)).isEqualTo(-EINVAL);
        assertThat(register(AndroidKernel.ANDROID14_6_1, UFFDIO_REGISTER_MODE_WP)).isZero();
    }

    private long register(AndroidKernel version, int modes) {
        Machine machine = kernel.boot(KernelProfile.of(version, Architecture.ARM64), Architecture.ARM64);
        long[] result = new long[1];
        machine.run(task -> {
            machine.syscalls.mmap(task, AT, PAGE, PROT_RW, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED);
            result[0] = machine.syscalls.userfaultfd(task, UFFD_FEATURE_SIGBUS).register(task, AT, PAGE, modes);
        });
        return result[0];
    }
}
