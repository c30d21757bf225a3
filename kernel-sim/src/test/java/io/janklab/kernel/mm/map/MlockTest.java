package io.janklab.kernel.mm.map;

import static io.janklab.kernel.uapi.Mman.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.mm.AddressSpaceCase;
import io.janklab.kernel.mm.page.Lru;
import io.janklab.kernel.mm.space.VmFlags;
import io.janklab.kernel.uapi.Capability;
import io.janklab.kernel.uapi.Errno;
import org.junit.jupiter.api.Test;

/// Return values and layouts were compared with those of Linux 6.18 on x86-64.
class MlockTest extends AddressSpaceCase {
    @Test
    void locksWholePagesAndFaultsThemIn() {
        withHeap(KernelVersion.V6_17, 16, 0, (machine, task) -> {
            assertThat(machine.syscalls.mlock(task, HEAP + 100, PAGE)).isZero();
            assertThat(layout(machine)).containsExactly("0-2", "2-16");
            assertThat(machine.mm.residentPages()).isEqualTo(2);
            assertThat(machine.syscalls.munlock(task, HEAP, 2 * PAGE)).isZero();
            assertThat(layout(machine)).containsExactly("0-16");
        });
    }

    @Test
    void holesAreEnomemAndWhatPrecedesThemIsLocked() {
        withHeap(KernelVersion.V6_17, 16, 0, (machine, task) -> {
            assertThat(machine.syscalls.mlock(task, HEAP, 32 * PAGE)).isEqualTo(-Errno.ENOMEM);
            assertThat(machine.mm.vmas().lookup(HEAP).is(VmFlags.VM_LOCKED)).isTrue();
            assertThat(machine.mm.residentPages()).isZero();
            assertThat(machine.syscalls.mlock(task, page(20), PAGE)).isEqualTo(-Errno.ENOMEM);
            assertThat(machine.syscalls.mlock(task, HEAP, -1)).as("rounds up to nothing").isZero();
        });
    }

    @Test
    void unreadableMemoryIsLockedButEnomem() {
        withHeap(KernelVersion.V6_17, 16, 0, (machine, task) -> {
            machine.syscalls.mprotect(task, page(10), PAGE, PROT_NONE);
            assertThat(machine.syscalls.mlock(task, page(9), 3 * PAGE)).isEqualTo(-Errno.ENOMEM);
            assertThat(layout(machine)).containsExactly("0-9", "9-10", "10-11", "11-12", "12-16");
        });
    }

    @Test
    void limitCountsWhatIsLockedOnlyOnce() {
        withHeap(KernelVersion.V6_17, 16, 0, (machine, task) -> {
            machine.mm.setLockLimit(4 * PAGE);
            assertThat(machine.syscalls.mlock(task, HEAP, 4 * PAGE)).isZero();
            assertThat(machine.syscalls.mlock(task, HEAP, 4 * PAGE)).as("the same again").isZero();
            assertThat(machine.syscalls.mlock(task, HEAP, 5 * PAGE)).isEqualTo(-Errno.ENOMEM);
            assertThat(machine.syscalls.mmap(task, 0, PAGE, PROT_RW, ANON | MAP_LOCKED)).isEqualTo(-Errno.EAGAIN);
            assertThat(machine.syscalls.mremap(task, HEAP, 4 * PAGE, 5 * PAGE, MREMAP_MAYMOVE, 0)).isEqualTo(-Errno.EAGAIN);
            machine.mm.setLockLimit(0);
            assertThat(machine.syscalls.mlock(task, HEAP, PAGE)).isEqualTo(-Errno.EPERM);
            assertThat(machine.syscalls.mmap(task, 0, PAGE, PROT_RW, ANON | MAP_LOCKED)).isEqualTo(-Errno.EPERM);
            machine.mm.grant(Capability.IPC_LOCK);
            assertThat(machine.syscalls.mlock(task, HEAP, 16 * PAGE)).isZero();
        });
    }

    @Test
    void mapLockedFaultsInAndForkDoesNotInherit() {
        withHeap(KernelVersion.V6_17, 1, 0, (machine, task) -> {
            long locked = machine.syscalls.mmap(task, 0, 4 * PAGE, PROT_RW, ANON | MAP_LOCKED);
            assertThat(machine.mm.residentPages()).isEqualTo(4);
            machine.process.fork(task, "child", (process, self) ->
                    assertThat(process.mm().vmas().lookup(locked).is(VmFlags.VM_LOCKED)).isFalse());
            task.sleepUntil(task.now() + 1_000_000);
        });
    }

    @Test
    void lockedMemoryIsNotDiscarded() {
        withHeap(KernelVersion.V6_17, 4, 0, (machine, task) -> {
            machine.syscalls.mlock(task, HEAP, PAGE);
            for (int advice : new int[] {MADV_DONTNEED, MADV_FREE, MADV_COLD, MADV_GUARD_INSTALL}) {
                assertThat(machine.syscalls.madvise(task, HEAP, PAGE, advice)).as("advice %d", advice).isEqualTo(-Errno.EINVAL);
            }
            assertThat(machine.syscalls.madvise(task, HEAP, PAGE, MADV_DONTNEED_LOCKED)).isZero();
            assertThat(machine.mm.residentPages()).isZero();
        });
    }

    /// Found on a real 6.18 by `conform`.
    @Test
    void lengthThatRoundsUpToNothingLocksNothingUnreadableEither() {
        withHeap(KernelVersion.V6_17, 2, 0, (machine, task) -> {
            machine.syscalls.mprotect(task, HEAP, 2 * PAGE, PROT_NONE);
            assertThat(machine.syscalls.mlock(task, HEAP, -1)).isZero();
        });
    }

    /// Found on a real 6.18 by `conform`.
    @Test
    void lockedMemoryThatBecomesWritableIsFaultedInForWriting() {
        withHeap(KernelVersion.V6_17, 4, 0, (machine, task) -> {
            machine.syscalls.mprotect(task, HEAP, 4 * PAGE, PROT_READ);
            machine.syscalls.mlock(task, HEAP, 4 * PAGE);
            assertThat(machine.mm.residentPages()).isZero();
            machine.syscalls.mprotect(task, HEAP, 2 * PAGE, PROT_RW);
            assertThat(machine.mm.residentPages()).isEqualTo(2);
        });
    }

    /// Found on a real 6.18 by `conform`: MREMAP_DONTUNMAP takes VM_LOCKED from the whole VMA, but unlocks no folio.
    @Test
    void foliosLeftMlockedByDontunmapAreNeverLazyfree() {
        withHeap(KernelVersion.V6_17, 1, 0, (machine, task) -> {
            machine.syscalls.mmap(task, page(8), 4 * PAGE, PROT_RW, ANON_FIXED | MAP_LOCKED);
            machine.syscalls.mremap(task, page(8), PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, 0);
            assertThat(machine.mm.vmas().lookup(page(9)).is(VmFlags.VM_LOCKED)).isFalse();
            assertThat(machine.syscalls.madvise(task, page(9), 3 * PAGE, MADV_FREE)).isZero();
            machine.memory.batches().drainAll();
            assertThat(machine.memory.lru().size(Lru.INACTIVE_FILE)).isZero();
            assertThat(machine.memory.lru().size(Lru.UNEVICTABLE)).isEqualTo(4);
        });
    }

    @Test
    void munlockMakesFoliosEvictableAgain() {
        withHeap(KernelVersion.V6_17, 4, 2, (machine, task) -> {
            machine.syscalls.mlock(task, HEAP, 4 * PAGE);
            machine.memory.batches().drainAll();
            assertThat(machine.memory.lru().size(Lru.UNEVICTABLE)).as("old ones and new").isEqualTo(4);
            machine.syscalls.munlock(task, HEAP, 3 * PAGE);
            assertThat(machine.memory.lru().size(Lru.UNEVICTABLE)).isEqualTo(1);
            assertThat(machine.memory.lru().size(Lru.INACTIVE_ANON)).isEqualTo(3);
        });
    }

    /// The last mlocked mapping counts, not the last mapping.
    @Test
    void aFolioMlockedByTwoProcessesStaysUnevictableUntilBothUnlock() {
        withHeap(KernelVersion.V6_17, 1, 1, (machine, task) -> {
            machine.syscalls.mlock(task, HEAP, PAGE);
            machine.process.fork(task, "child", (process, self) -> {
                process.syscalls().mlock(self, HEAP, PAGE);
                process.syscalls().munlock(self, HEAP, PAGE);
                assertThat(machine.memory.lru().size(Lru.UNEVICTABLE)).isEqualTo(1);
            });
            task.sleepUntil(task.now() + 10_000_000);
            machine.syscalls.munlock(task, HEAP, PAGE);
            assertThat(machine.memory.lru().size(Lru.UNEVICTABLE)).isZero();
        });
    }
}
