package io.janklab.kernel.mm.fault;

import static io.janklab.kernel.uapi.Mman.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.janklab.kernel.check.KernelFixture;
import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.mm.FaultLog;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.syscall.SegmentationFault;
import io.janklab.kernel.trace.FaultKind;
import io.janklab.kernel.trace.FaultPath;
import io.janklab.kernel.uapi.Errno;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class FaultTest {
    private static final long PAGE = Addresses.PAGE_SIZE;
    private static final int ANON = MAP_PRIVATE | MAP_ANONYMOUS;

    @RegisterExtension
    final KernelFixture kernel = new KernelFixture();

    private static Machine listen(Machine machine, FaultLog log) {
        machine.attach(log);
        return machine;
    }

    @Test
    void firstWriteGetsAFolioUnderTheVmaLock() {
        FaultLog faults = new FaultLog();
        Machine machine = listen(kernel.boot(KernelVersion.V6_17), faults);
        machine.run(task -> {
            long heap = machine.syscalls.mmap(task, 0, 16 * PAGE, PROT_RW, ANON);
            machine.syscalls.memory().write(task, heap, 2 * PAGE);
        });
        assertThat(faults.kinds()).containsExactly(FaultKind.ANONYMOUS, FaultKind.ANONYMOUS);
        assertThat(faults.paths()).containsOnly(FaultPath.VMA_LOCK);
        assertThat(machine.mm.residentPages()).isEqualTo(2);
    }

    @Test
    void firstReadMapsTheZeroPageWhichCountsForNothing() {
        FaultLog faults = new FaultLog();
        Machine machine = listen(kernel.boot(KernelVersion.V6_17), faults);
        machine.run(task -> {
            long heap = machine.syscalls.mmap(task, 0, 16 * PAGE, PROT_RW, ANON);
            machine.syscalls.memory().read(task, heap, PAGE);
            assertThat(machine.mm.residentPages()).isZero();
            assertThat(machine.mm.vmas().lookup(heap).anonVma()).isNull();
            machine.syscalls.memory().write(task, heap, PAGE);
        });
        assertThat(faults.kinds()).containsExactly(FaultKind.ZERO_PAGE, FaultKind.COW);
        assertThat(machine.mm.residentPages()).isEqualTo(1);
    }

    @Test
    void firstFaultInAVmaWithoutAnonVmaAvoidsTheVmaLockBeforeTrylockCame() {
        FaultLog faults = new FaultLog();
        Machine machine = listen(kernel.boot(KernelVersion.V6_6), faults);
        machine.run(task -> {
            long heap = machine.syscalls.mmap(task, 0, 16 * PAGE, PROT_RW, ANON);
            machine.syscalls.memory().write(task, heap, 2 * PAGE);
        });
        assertThat(faults.paths()).containsExactly(FaultPath.MMAP_LOCK_AFTER_ABORT, FaultPath.VMA_LOCK);
    }

    /// "arm64: mm: accelerate pagefault when VM_FAULT_BADACCESS", and the same of x86.
    @Test
    void aFaultWithoutTheRightToItsPageIsLookedAtUnderMmapLockBefore610() {
        assertThat(pathOfAForbiddenWrite(KernelVersion.V6_6)).isEqualTo(FaultPath.MMAP_LOCK);
        assertThat(pathOfAForbiddenWrite(KernelVersion.V6_12)).isEqualTo(FaultPath.VMA_LOCK);
    }

    private FaultPath pathOfAForbiddenWrite(KernelVersion version) {
        FaultLog faults = new FaultLog();
        Machine machine = listen(kernel.boot(version), faults);
        machine.run(task -> {
            long heap = machine.syscalls.mmap(task, 0, PAGE, PROT_RW, ANON);
            machine.syscalls.memory().write(task, heap, 1);
            machine.syscalls.mprotect(task, heap, PAGE, PROT_READ);
            assertThatThrownBy(() -> machine.syscalls.memory().write(task, heap, 1)).isInstanceOf(SegmentationFault.class);
        });
        return faults.paths().getLast();
    }

    private Machine speculating(KernelVersion version, FaultLog log) {
        KernelProfile profile = KernelProfile.of(version, Architecture.ARM64).with(Switch.RWSEM_POLICY, SwitchValue.SPECULATIVE);
        return listen(kernel.boot(profile, Architecture.ARM64), log);
    }

    @Test
    void aSpeculativeFaultTakesNoLockOnceThereAreAnAnonVmaAndATable() {
        FaultLog faults = new FaultLog();
        Machine machine = speculating(KernelVersion.V6_1, faults);
        machine.run(task -> {
            long heap = machine.syscalls.mmap(task, 0, 16 * PAGE, PROT_RW, ANON);
            machine.syscalls.memory().write(task, heap, 3 * PAGE);
            machine.syscalls.memory().read(task, heap + 8 * PAGE, 1);
            machine.syscalls.memory().write(task, heap + 8 * PAGE, 1);
        });
        assertThat(faults.kinds()).containsExactly(
                FaultKind.ANONYMOUS, FaultKind.ANONYMOUS, FaultKind.ANONYMOUS, FaultKind.ZERO_PAGE, FaultKind.COW);
        assertThat(faults.paths()).startsWith(FaultPath.MMAP_LOCK_AFTER_ABORT);
        assertThat(faults.paths().subList(1, 5)).containsOnly(FaultPath.SPECULATIVE);
    }

    @Test
    void aFaultThatMayNotSpeculateTakesTheVmaLockWhereThereIsOne() {
        FaultLog faults = new FaultLog();
        Machine machine = speculating(KernelVersion.V6_17, faults);
        machine.run(task -> {
            long heap = machine.syscalls.mmap(task, 0, 16 * PAGE, PROT_RW, ANON);
            machine.syscalls.memory().write(task, heap, 2 * PAGE);
        });
        assertThat(faults.paths()).containsExactly(FaultPath.VMA_LOCK, FaultPath.SPECULATIVE);
    }

    @Test
    void noFaultSpeculatesWhileMmapLockIsWriteLocked() {
        FaultLog faults = new FaultLog();
        Machine machine = speculating(KernelVersion.V6_1, faults);
        machine.run(task -> {
            long heap = machine.syscalls.mmap(task, 0, 16 * PAGE, PROT_RW, ANON);
            machine.syscalls.memory().write(task, heap, 1);
            machine.mm.writeLock(task);
            machine.spawn("reader", 0, reader -> machine.syscalls.memory().write(reader, heap + PAGE, 1));
            task.compute(1_000_000);
            machine.mm.writeUnlock(task);
        });
        assertThat(faults.paths()).containsExactly(FaultPath.MMAP_LOCK_AFTER_ABORT, FaultPath.MMAP_LOCK_AFTER_ABORT);
    }

    @Test
    void withoutVmaLocksEveryFaultTakesMmapLock() {
        FaultLog faults = new FaultLog();
        Machine machine = listen(kernel.boot(KernelVersion.V6_1), faults);
        machine.run(task -> {
            long heap = machine.syscalls.mmap(task, 0, 16 * PAGE, PROT_RW, ANON);
            machine.syscalls.memory().write(task, heap, 3 * PAGE);
        });
        assertThat(faults.paths()).hasSize(3).containsOnly(FaultPath.MMAP_LOCK);
    }

    @Test
    void kernelModeFaultsNeverTryTheVmaLock() {
        FaultLog faults = new FaultLog();
        Machine machine = listen(kernel.boot(KernelVersion.V7_2), faults);
        machine.run(task -> {
            long heap = machine.syscalls.mmap(task, 0, 16 * PAGE, PROT_RW, ANON);
            assertThat(machine.syscalls.copyToUser(task, heap + 100, 2 * PAGE)).isEqualTo(2 * PAGE);
        });
        assertThat(faults.paths()).hasSize(3).containsOnly(FaultPath.MMAP_LOCK);
    }

    @Test
    void copyReturnsWhatItManagedAndEfaultIfNothing() {
        Machine machine = kernel.boot(KernelVersion.V6_17);
        machine.run(task -> {
            long heap = machine.syscalls.mmap(task, 0, 2 * PAGE, PROT_RW, ANON);
            assertThat(machine.syscalls.munmap(task, heap + PAGE, PAGE)).isZero();
            assertThat(machine.syscalls.copyToUser(task, heap + 10, 2 * PAGE)).isEqualTo(PAGE - 10);
            assertThat(machine.syscalls.copyFromUser(task, heap + PAGE, 1)).isEqualTo(-Errno.EFAULT);
        });
    }

    @Test
    void userAccessWithoutMappingOrRightIsASegmentationFault() {
        FaultLog faults = new FaultLog();
        Machine machine = listen(kernel.boot(KernelVersion.V6_17), faults);
        machine.run(task -> {
            long heap = machine.syscalls.mmap(task, 0, PAGE, PROT_READ, ANON);
            assertThatThrownBy(() -> machine.syscalls.memory().write(task, heap, 1)).isInstanceOf(SegmentationFault.class);
            assertThatThrownBy(() -> machine.syscalls.memory().read(task, heap + PAGE, 1)).isInstanceOf(SegmentationFault.class);
        });
        // A missing right is found under the VMA lock, a hole under mmap_lock.
        assertThat(faults.kinds()).containsOnly(FaultKind.BAD_ACCESS);
        assertThat(faults.paths()).containsExactly(FaultPath.VMA_LOCK, FaultPath.MMAP_LOCK_AFTER_ABORT);
    }

    @Test
    void loserOfARaceForAPageGivesItsFolioBack() {
        FaultLog faults = new FaultLog();
        Machine machine = listen(kernel.boot(KernelVersion.V6_17), faults);
        long[] heap = new long[1];
        machine.run(task -> heap[0] = machine.syscalls.mmap(task, 0, PAGE, PROT_RW, ANON));
        for (int i = 0; i < 3; i++) {
            machine.spawnOn(i, "racer", 0, task -> machine.syscalls.memory().write(task, heap[0], 1));
        }
        machine.run();
        assertThat(faults.kinds()).contains(FaultKind.ANONYMOUS, FaultKind.SPURIOUS);
        assertThat(machine.mm.residentPages()).isEqualTo(1);
    }

    @Test
    void mappedPagesAreReachedWithoutAFault() {
        FaultLog faults = new FaultLog();
        Machine machine = listen(kernel.boot(KernelVersion.V6_17), faults);
        machine.run(task -> {
            long heap = machine.syscalls.mmap(task, 0, PAGE, PROT_RW, ANON);
            for (int i = 0; i < 10; i++) {
                machine.syscalls.memory().write(task, heap, PAGE);
                machine.syscalls.memory().read(task, heap, PAGE);
            }
        });
        assertThat(faults.kinds()).hasSize(1);
    }
}
