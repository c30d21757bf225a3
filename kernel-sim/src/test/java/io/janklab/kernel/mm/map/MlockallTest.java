package io.janklab.kernel.mm.map;

import static io.janklab.kernel.uapi.Mman.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.mm.AddressSpaceCase;
import io.janklab.kernel.mm.space.VmFlags;
import io.janklab.kernel.uapi.Capability;
import io.janklab.kernel.uapi.Errno;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// `mlock2(2)` and `mlockall(2)`: return values, residency and flags were compared with those of Linux 6.18 on x86-64.
@Execution(ExecutionMode.CONCURRENT)
class MlockallTest extends AddressSpaceCase {
    private static int lockFlags(Machine machine, long address) {
        return machine.mm.vmas().lookup(address).flags() & VmFlags.VM_LOCKED_MASK;
    }

    @Test
    void onFaultPagesAreLockedAsTheyAreFaultedInAndNotBefore() {
        withHeap(KernelVersion.V6_17, 16, 2, (machine, task) -> {
            assertThat(machine.syscalls.mlock2(task, HEAP, 8 * PAGE, MLOCK_ONFAULT)).isZero();
            assertThat(layout(machine)).containsExactly("0-8", "8-16");
            assertThat(lockFlags(machine, HEAP)).isEqualTo(VmFlags.VM_LOCKED_MASK);
            assertThat(machine.mm.residentPages()).isEqualTo(2);
            machine.syscalls.memory().write(task, page(5), 1);
            assertThat(machine.mm.residentPages()).isEqualTo(3);
            assertThat(machine.syscalls.madvise(task, page(5), PAGE, MADV_PAGEOUT)).isEqualTo(-Errno.EINVAL);
        });
    }

    @Test
    void plainMlockFaultsInWhatWasLockedOnFaultAndUnlockingEndsBoth() {
        withHeap(KernelVersion.V6_17, 4, 0, (machine, task) -> {
            assertThat(machine.syscalls.mlock2(task, HEAP, 4 * PAGE, MLOCK_ONFAULT)).isZero();
            assertThat(machine.syscalls.mlock2(task, HEAP, 2 * PAGE, 0)).isZero();
            assertThat(layout(machine)).as("the flags keep them apart").containsExactly("0-2", "2-4");
            assertThat(machine.mm.residentPages()).isEqualTo(2);
            assertThat(machine.syscalls.munlock(task, HEAP, 4 * PAGE)).isZero();
            assertThat(layout(machine)).containsExactly("0-4");
            assertThat(lockFlags(machine, HEAP)).isZero();
        });
    }

    @Test
    void unreadableMemoryMayBeLockedOnFaultSinceNothingIsFaultedIn() {
        withHeap(KernelVersion.V6_17, 4, 0, (machine, task) -> {
            machine.syscalls.mprotect(task, page(1), PAGE, PROT_NONE);
            assertThat(machine.syscalls.mlock2(task, HEAP, 4 * PAGE, MLOCK_ONFAULT)).isZero();
            assertThat(machine.syscalls.mlock2(task, HEAP, 4 * PAGE, 2)).isEqualTo(-Errno.EINVAL);
        });
    }

    @Test
    void currentFaultsInAllThatIsMappedAndIgnoresWhatCannotBe() {
        withHeap(KernelVersion.V6_17, 8, 0, (machine, task) -> {
            machine.syscalls.mprotect(task, page(2), PAGE, PROT_NONE);
            assertThat(machine.syscalls.mlockall(task, MCL_CURRENT)).isZero();
            assertThat(machine.mm.residentPages()).isEqualTo(7);
            long later = machine.syscalls.mmap(task, 0, PAGE, PROT_RW, ANON);
            assertThat(lockFlags(machine, later)).isZero();
            assertThat(machine.syscalls.munlockall(task)).isZero();
            assertThat(lockFlags(machine, HEAP)).isZero();
            assertThat(machine.mm.residentPages()).isEqualTo(7);
        });
    }

    @Test
    void futureLocksWhatIsMappedLaterAndFaultsItIn() {
        withHeap(KernelVersion.V6_17, 4, 0, (machine, task) -> {
            assertThat(machine.syscalls.mlockall(task, MCL_FUTURE)).isZero();
            assertThat(lockFlags(machine, HEAP)).as("not what there is").isZero();
            long later = machine.syscalls.mmap(task, 0, 3 * PAGE, PROT_RW, ANON);
            assertThat(lockFlags(machine, later)).isEqualTo(VmFlags.VM_LOCKED);
            assertThat(machine.mm.residentPages()).isEqualTo(3);
            long heap = machine.syscalls.brk(task, 0);
            assertThat(machine.syscalls.brk(task, heap + 2 * PAGE)).isEqualTo(heap + 2 * PAGE);
            assertThat(machine.mm.residentPages()).isEqualTo(5);
            assertThat(machine.syscalls.mlockall(task, MCL_CURRENT)).isZero();
            long after = machine.syscalls.mmap(task, 0, PAGE, PROT_RW, ANON);
            assertThat(lockFlags(machine, after)).as("calls do not add up").isZero();
        });
    }

    @Test
    void futureOnFaultFaultsNothingInEvenIfAskedToPopulate() {
        withHeap(KernelVersion.V6_17, 1, 0, (machine, task) -> {
            assertThat(machine.syscalls.mlockall(task, MCL_FUTURE | MCL_ONFAULT)).isZero();
            long later = machine.syscalls.mmap(task, 0, 3 * PAGE, PROT_RW, ANON | MAP_POPULATE);
            assertThat(lockFlags(machine, later)).isEqualTo(VmFlags.VM_LOCKED_MASK);
            assertThat(machine.mm.residentPages()).isZero();
            assertThat(machine.syscalls.munlockall(task)).isZero();
            assertThat(lockFlags(machine, later)).isZero();
        });
    }

    @Test
    void aChildStartsWithoutAnyOfIt() {
        withHeap(KernelVersion.V6_17, 2, 0, (machine, task) -> {
            machine.syscalls.mlockall(task, MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT);
            machine.process.fork(task, "child", (process, self) -> {
                assertThat(process.mm().vmas().lookup(HEAP).flags() & VmFlags.VM_LOCKED_MASK).isZero();
                assertThat(process.mm().defaultFlags()).isZero();
            });
            task.sleepUntil(task.now() + 1_000_000);
        });
    }

    @Test
    void badFlagsAreEinvalAndLimitsCountAllThatIsMapped() {
        withHeap(KernelVersion.V6_17, 16, 0, (machine, task) -> {
            for (int bad : new int[] {0, MCL_ONFAULT, 8, MCL_CURRENT | 8}) {
                assertThat(machine.syscalls.mlockall(task, bad)).isEqualTo(-Errno.EINVAL);
            }
            machine.mm.setLockLimit(8 * PAGE);
            assertThat(machine.syscalls.mlockall(task, MCL_CURRENT)).isEqualTo(-Errno.ENOMEM);
            assertThat(machine.syscalls.mlockall(task, MCL_FUTURE)).isZero();
            assertThat(machine.syscalls.mmap(task, 0, 9 * PAGE, PROT_RW, ANON)).isEqualTo(-Errno.EAGAIN);
            assertThat(machine.syscalls.mmap(task, 0, 8 * PAGE, PROT_RW, ANON)).isPositive();
            long heap = machine.syscalls.brk(task, 0);
            assertThat(machine.syscalls.brk(task, heap + PAGE)).as("brk has no errors").isEqualTo(heap);
            machine.mm.setLockLimit(0);
            assertThat(machine.syscalls.mlockall(task, MCL_FUTURE)).isEqualTo(-Errno.EPERM);
            assertThat(machine.syscalls.munlockall(task)).isZero();
            machine.mm.grant(Capability.IPC_LOCK);
            assertThat(machine.syscalls.mlockall(task, MCL_CURRENT)).isZero();
        });
    }

    @Test
    void whatMayBeDroppedIsFaultedInButNotLocked() {
        withHeap(KernelVersion.V6_17, 1, 0, (machine, task) -> {
            machine.syscalls.mlockall(task, MCL_FUTURE);
            long droppable = machine.syscalls.mmap(task, 0, 2 * PAGE, PROT_RW, MAP_DROPPABLE | MAP_ANONYMOUS);
            assertThat(lockFlags(machine, droppable)).isZero();
            assertThat(machine.mm.residentPages()).isEqualTo(2);
        });
    }
}
