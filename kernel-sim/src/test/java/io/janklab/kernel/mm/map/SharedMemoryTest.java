package io.janklab.kernel.mm.map;

import static io.janklab.kernel.uapi.Mman.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.AddressSpaceCase;
import io.janklab.kernel.syscall.KernelSyscalls;
import io.janklab.kernel.uapi.Errno;
import org.junit.jupiter.api.Test;

/// Shared anonymous memory: a file without a name (Linux `mm/shmem.c`, `shmem_zero_setup`), as a real 6.18 has it (`conform --kind
/// shared`).
class SharedMemoryTest extends AddressSpaceCase {
    private static final int SHARED = MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED;

    @Test
    void whatAChildWritesTheParentReads() {
        withHeap(KernelVersion.V6_17, 1, 0, (machine, task) -> {
            machine.memory.keepContents();
            machine.syscalls.mmap(task, page(8), 2 * PAGE, PROT_RW, SHARED);
            machine.process.fork(task, "child", (process, child) ->
                    ((KernelSyscalls) process.syscalls()).memory().store(child, page(9), 4711));
            task.sleepUntil(task.now() + 1_000_000);
            assertThat(machine.syscalls.memory().load(task, page(9))).isEqualTo(4711);
        });
    }

    @Test
    void twoMappingsAreTwoFilesAndStayApart() {
        withHeap(KernelVersion.V6_17, 1, 0, (machine, task) -> {
            machine.syscalls.mmap(task, page(4), PAGE, PROT_RW, SHARED);
            machine.syscalls.mmap(task, page(5), 2 * PAGE, PROT_RW, SHARED);
            assertThat(layout(machine)).containsExactly("0-1", "4-5", "5-7");
            machine.syscalls.mprotect(task, page(5), PAGE, PROT_READ);
            machine.syscalls.mprotect(task, page(5), PAGE, PROT_RW);
            assertThat(layout(machine)).as("parts of one").containsExactly("0-1", "4-5", "5-7");
        });
    }

    @Test
    void pagesOutlastDontneedButNotTheLastMapping() {
        withHeap(KernelVersion.V6_17, 1, 0, (machine, task) -> {
            machine.memory.keepContents();
            int before = machine.memory.frames().allocated();
            machine.syscalls.mmap(task, page(8), 4 * PAGE, PROT_RW, SHARED);
            machine.syscalls.memory().store(task, page(8), 4711);
            assertThat(machine.syscalls.madvise(task, page(8), 4 * PAGE, MADV_DONTNEED)).isZero();
            assertThat(machine.syscalls.memory().load(task, page(8))).isEqualTo(4711);
            machine.syscalls.munmap(task, page(8), 4 * PAGE);
            assertThat(machine.memory.pageCache().files()).isEmpty();
            assertThat(machine.memory.frames().allocated()).as("page tables alone").isLessThanOrEqualTo(before + 3);
        });
    }

    @Test
    void removePunchesAHoleThatReadsAsZeroes() {
        withHeap(KernelVersion.V6_17, 1, 0, (machine, task) -> {
            machine.memory.keepContents();
            machine.syscalls.mmap(task, page(8), 4 * PAGE, PROT_RW, SHARED);
            machine.syscalls.memory().store(task, page(8), 4711);
            machine.syscalls.memory().store(task, page(10), 4712);
            assertThat(machine.syscalls.madvise(task, page(8), 2 * PAGE, MADV_REMOVE)).isZero();
            assertThat(machine.mm.residentPages()).isEqualTo(1);
            assertThat(machine.syscalls.memory().load(task, page(8))).isZero();
            assertThat(machine.syscalls.memory().load(task, page(10))).isEqualTo(4712);
        });
    }

    @Test
    void pageoutWithoutSwapUnmapsAndKeepsWhatWasWritten() {
        withHeap(KernelVersion.V6_17, 1, 0, (machine, task) -> {
            machine.memory.keepContents();
            machine.syscalls.mmap(task, page(8), 4 * PAGE, PROT_RW, SHARED);
            machine.syscalls.memory().store(task, page(8), 4711);
            assertThat(machine.syscalls.madvise(task, page(8), 4 * PAGE, MADV_PAGEOUT)).isZero();
            assertThat(machine.mm.residentPages()).isZero();
            assertThat(machine.syscalls.memory().load(task, page(8))).isEqualTo(4711);
        });
    }

    @Test
    void anOldLengthOf0MakesASecondMappingOfSharedMemoryOnly() {
        withHeap(KernelVersion.V6_17, 4, 4, (machine, task) -> {
            machine.memory.keepContents();
            machine.syscalls.mmap(task, page(8), 4 * PAGE, PROT_RW, SHARED);
            machine.syscalls.memory().store(task, page(9), 4711);
            int flags = MREMAP_MAYMOVE | MREMAP_FIXED;
            assertThat(machine.syscalls.mremap(task, page(8), 0, 4 * PAGE, flags, page(16))).isEqualTo(page(16));
            assertThat(layout(machine)).containsExactly("0-4", "8-12", "16-20");
            assertThat(machine.syscalls.memory().load(task, page(17))).isEqualTo(4711);
            assertThat(machine.syscalls.mremap(task, HEAP, 0, 4 * PAGE, flags, page(32))).isEqualTo(-Errno.EINVAL);
        });
    }

    @Test
    void adviceThatAsksForAnonymousMemoryIsRefused() {
        withHeap(KernelVersion.V6_17, 1, 0, (machine, task) -> {
            machine.syscalls.mmap(task, page(8), PAGE, PROT_RW, SHARED);
            assertThat(machine.syscalls.madvise(task, page(8), PAGE, MADV_FREE)).isEqualTo(-Errno.EINVAL);
            assertThat(machine.syscalls.madvise(task, page(8), PAGE, MADV_WIPEONFORK)).isEqualTo(-Errno.EINVAL);
            assertThat(machine.syscalls.madvise(task, page(8), PAGE, MADV_WILLNEED)).isZero();
            assertThat(machine.mm.vmas().lookup(page(8)).file().frame(0)).as("WILLNEED makes no pages").isNegative();
        });
    }

    @Test
    void sharedMemoryIsNoStackAndItsFlagsAreNotValidated() {
        withHeap(KernelVersion.V6_17, 1, 0, (machine, task) -> {
            assertThat(mmap(machine.syscalls, task, SHARED | MAP_GROWSDOWN)).isEqualTo(-Errno.EINVAL);
            assertThat(mmap(machine.syscalls, task, MAP_SHARED_VALIDATE | MAP_ANONYMOUS | MAP_FIXED)).isEqualTo(-Errno.EINVAL);
        });
    }

    private static long mmap(KernelSyscalls linux, Task task, int flags) {
        return linux.mmap(task, page(8), PAGE, PROT_RW, flags);
    }
}
