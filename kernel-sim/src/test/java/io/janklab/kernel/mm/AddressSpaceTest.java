package io.janklab.kernel.mm;

import static io.janklab.kernel.uapi.Mman.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.check.KernelFixture;
import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.page.VmStat;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.VmFlags;
import io.janklab.kernel.uapi.Errno;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// mmap, munmap and mprotect: errors, placement, splitting and merging (reference §9).
class AddressSpaceTest {
    private static final long PAGE = Addresses.PAGE_SIZE;
    private static final int ANON = MAP_PRIVATE | MAP_ANONYMOUS;
    private static final long FIXED_AT = 0x5000_0000_0000L;

    @RegisterExtension
    final KernelFixture kernel = new KernelFixture();

    private Machine machine;
    private Mm mm;

    @BeforeEach
    void boot() {
        use(KernelVersion.V6_17);
    }

    private void use(KernelVersion version) {
        machine = kernel.boot(version);
        mm = machine.mm;
    }

    private long map(Task task, long pages) {
        return machine.syscalls.mmap(task, 0, pages * PAGE, PROT_RW, ANON);
    }

    private long mapAt(Task task, long address, long pages, int protection) {
        return machine.syscalls.mmap(task, address, pages * PAGE, protection, ANON | MAP_FIXED);
    }

    private void write(Task task, long address) {
        machine.syscalls.memory().write(task, address, 1);
    }

    // mmap

    @Test
    void mmapReportsErrorsInLinuxOrder() {
        machine.run(task -> {
            assertThat(machine.syscalls.mmap(task, 0, 0, PROT_RW, MAP_PRIVATE)).isEqualTo(-Errno.EBADF);
            assertThat(machine.syscalls.mmap(task, 1, 0, PROT_RW, ANON | MAP_FIXED)).isEqualTo(-Errno.EINVAL);
            assertThat(machine.syscalls.mmap(task, 0, -1, PROT_RW, ANON)).isEqualTo(-Errno.ENOMEM);
            assertThat(machine.syscalls.mmap(task, 0, Addresses.TASK_SIZE, PROT_RW, ANON)).isEqualTo(-Errno.ENOMEM);
            assertThat(machine.syscalls.mmap(task, FIXED_AT + 1, PAGE, PROT_RW, ANON | MAP_FIXED)).isEqualTo(-Errno.EINVAL);
            assertThat(machine.syscalls.mmap(task, Addresses.TASK_SIZE, PAGE, PROT_RW, ANON | MAP_FIXED)).isEqualTo(-Errno.ENOMEM);
            assertThat(machine.syscalls.mmap(task, PAGE, PAGE, PROT_RW, ANON | MAP_FIXED)).isEqualTo(-Errno.EPERM);
            assertThat(machine.syscalls.mmap(task, 0, PAGE, PROT_RW, MAP_ANONYMOUS)).isEqualTo(-Errno.EINVAL);
        });
        assertThat(mm.mapCount()).isZero();
    }

    @Test
    void mappingsAreStackedDownwardsFromMmapBaseAndMerge() {
        machine.run(task -> {
            assertThat(map(task, 3)).isEqualTo(Mm.MMAP_BASE - 3 * PAGE);
            assertThat(map(task, 2)).isEqualTo(Mm.MMAP_BASE - 5 * PAGE);
        });
        assertThat(mm.mapCount()).isEqualTo(1);
    }

    @Test
    void wholeHugePagesAreAligned() {
        machine.run(task -> assertThat(map(task, 512) % Addresses.PMD_SIZE).isZero());
    }

    @Test
    void hintIsTakenWhereItIsFree() {
        machine.run(task -> {
            assertThat(machine.syscalls.mmap(task, FIXED_AT + 5, PAGE, PROT_RW, ANON)).isEqualTo(FIXED_AT);
            assertThat(machine.syscalls.mmap(task, FIXED_AT, PAGE, PROT_RW, ANON)).isEqualTo(Mm.MMAP_BASE - PAGE);
        });
    }

    @Test
    void noreplaceRefusesOverlapAndAcceptsAdjacency() {
        machine.run(task -> {
            int flags = ANON | MAP_FIXED_NOREPLACE;
            mapAt(task, FIXED_AT, 3, PROT_RW);
            assertThat(machine.syscalls.mmap(task, FIXED_AT - PAGE, 2 * PAGE, PROT_RW, flags)).isEqualTo(-Errno.EEXIST);
            assertThat(machine.syscalls.mmap(task, FIXED_AT + 2 * PAGE, 2 * PAGE, PROT_RW, flags)).isEqualTo(-Errno.EEXIST);
            assertThat(machine.syscalls.mmap(task, FIXED_AT + PAGE, PAGE, PROT_RW, flags)).isEqualTo(-Errno.EEXIST);
            assertThat(machine.syscalls.mmap(task, FIXED_AT - PAGE, PAGE, PROT_RW, flags)).isEqualTo(FIXED_AT - PAGE);
            assertThat(machine.syscalls.mmap(task, FIXED_AT + 3 * PAGE, PAGE, PROT_RW, flags)).isEqualTo(FIXED_AT + 3 * PAGE);
        });
    }

    @Test
    void fixedReplacesWhatWasThere() {
        machine.run(task -> {
            mapAt(task, FIXED_AT, 4, PROT_RW);
            machine.syscalls.memory().write(task, FIXED_AT, 4 * PAGE);
            mapAt(task, FIXED_AT + PAGE, 2, PROT_READ);
        });
        assertThat(mm.mapCount()).isEqualTo(3);
        assertThat(mm.residentPages()).isEqualTo(2);
    }

    @Test
    void populateFaultsEverythingIn() {
        machine.run(task -> machine.syscalls.mmap(task, 0, 10 * PAGE, PROT_RW, ANON | MAP_POPULATE));
        assertThat(mm.residentPages()).isEqualTo(10);
    }

    // munmap

    @Test
    void munmapRejectsWhatLinuxRejects() {
        machine.run(task -> {
            assertThat(machine.syscalls.munmap(task, FIXED_AT + 1, PAGE)).isEqualTo(-Errno.EINVAL);
            assertThat(machine.syscalls.munmap(task, FIXED_AT, 0)).isEqualTo(-Errno.EINVAL);
            assertThat(machine.syscalls.munmap(task, Addresses.TASK_SIZE, 2 * PAGE)).isEqualTo(-Errno.EINVAL);
            assertThat(machine.syscalls.munmap(task, FIXED_AT, PAGE)).isZero();
        });
    }

    @Test
    void munmapInTheMiddleSplits() {
        machine.run(task -> {
            mapAt(task, FIXED_AT, 5, PROT_RW);
            machine.syscalls.memory().write(task, FIXED_AT, 5 * PAGE);
            assertThat(machine.syscalls.munmap(task, FIXED_AT + 2 * PAGE, PAGE)).isZero();
        });
        assertThat(mm.mapCount()).isEqualTo(2);
        assertThat(mm.residentPages()).isEqualTo(4);
        assertThat(mm.vmas().lookup(FIXED_AT + 2 * PAGE)).isNull();
    }

    @Test
    void munmapFreesThePageTablesNobodyElseNeeds() {
        machine.run(task -> {
            mapAt(task, FIXED_AT, 512, PROT_RW);
            write(task, FIXED_AT);
            long other = FIXED_AT + 1024 * PAGE;
            mapAt(task, other, 1, PROT_RW);
            write(task, other);
            assertThat(mm.pageTableBytes()).isEqualTo(4 * PAGE);
            machine.syscalls.munmap(task, FIXED_AT, 512 * PAGE);
            assertThat(mm.pageTableBytes()).isEqualTo(3 * PAGE);
            machine.syscalls.munmap(task, other, PAGE);
            assertThat(mm.pageTableBytes()).isZero();
        });
    }

    @Test
    void countOfVmasIsLimited() {
        machine.run(task -> {
            // Alternating rights, so that nothing merges.
            for (int i = 0; i <= Mm.MAX_MAP_COUNT; i++) {
                assertThat(mapAt(task, FIXED_AT + 4L * i * PAGE, 3, i % 2 == 0 ? PROT_RW : PROT_READ)).isPositive();
            }
            assertThat(mm.mapCount()).isEqualTo(Mm.MAX_MAP_COUNT + 1);
            assertThat(map(task, 1)).isEqualTo(-Errno.ENOMEM);
            assertThat(machine.syscalls.munmap(task, FIXED_AT + PAGE, PAGE)).as("a hole would need one more").isEqualTo(-Errno.ENOMEM);
            assertThat(machine.syscalls.mprotect(task, FIXED_AT, PAGE, PROT_NONE)).as("so would a split").isEqualTo(-Errno.ENOMEM);
            assertThat(machine.syscalls.munmap(task, FIXED_AT, PAGE)).as("a trim does not").isZero();
        });
    }

    // mprotect

    @Test
    void mprotectReportsErrorsInLinuxOrder() {
        machine.run(task -> {
            mapAt(task, FIXED_AT, 2, PROT_RW);
            assertThat(machine.syscalls.mprotect(task, FIXED_AT + 1, 0, 0xff)).isEqualTo(-Errno.EINVAL);
            assertThat(machine.syscalls.mprotect(task, FIXED_AT, 0, 0xff)).isZero();
            assertThat(machine.syscalls.mprotect(task, FIXED_AT, -1, 0xff)).isEqualTo(-Errno.ENOMEM);
            assertThat(machine.syscalls.mprotect(task, FIXED_AT, PAGE, 0xff)).isEqualTo(-Errno.EINVAL);
            assertThat(machine.syscalls.mprotect(task, FIXED_AT, PAGE, PROT_RW | PROT_SEM)).isZero();
            assertThat(machine.syscalls.mprotect(task, FIXED_AT, PAGE, PROT_RW | PROT_GROWSDOWN)).isEqualTo(-Errno.EINVAL);
            assertThat(machine.syscalls.mprotect(task, FIXED_AT - PAGE, PAGE, PROT_RW | PROT_GROWSUP)).isEqualTo(-Errno.ENOMEM);
            assertThat(machine.syscalls.mprotect(task, FIXED_AT - PAGE, 2 * PAGE, PROT_READ)).isEqualTo(-Errno.ENOMEM);
            assertThat(mm.vmas().lookup(FIXED_AT).is(VmFlags.VM_WRITE)).as("hole at start: nothing changed").isTrue();
            assertThat(machine.syscalls.mprotect(task, FIXED_AT, 3 * PAGE, PROT_READ)).isEqualTo(-Errno.ENOMEM);
            assertThat(mm.vmas().lookup(FIXED_AT).is(VmFlags.VM_WRITE)).as("hole at end: what came before is changed").isFalse();
        });
    }

    @Test
    void mprotectToTheSameRightsWriteLocksNoVma() {
        LockLog locks = new LockLog();
        machine.attach(locks);
        machine.run(task -> {
            mapAt(task, FIXED_AT, 2, PROT_RW);
            locks.clear();
            machine.syscalls.mprotect(task, FIXED_AT, PAGE, PROT_RW);
        });
        assertThat(locks.taken()).containsExactly("mmap_lock write");
    }

    @Test
    void mprotectSplitsAndMergesBack() {
        machine.run(task -> {
            mapAt(task, FIXED_AT, 3, PROT_RW);
            machine.syscalls.memory().write(task, FIXED_AT, 3 * PAGE);
            machine.syscalls.mprotect(task, FIXED_AT + PAGE, PAGE, PROT_READ);
            assertThat(mm.mapCount()).isEqualTo(3);
            machine.syscalls.mprotect(task, FIXED_AT + PAGE, PAGE, PROT_RW);
            assertThat(mm.mapCount()).isEqualTo(1);
            write(task, FIXED_AT + PAGE);
        });
        assertThat(machine.memory.vmstat().get(VmStat.Item.PGFAULT)).as("the right to write came back without a fault").isEqualTo(3);
    }

    @Test
    void protNoneKeepsThePageButRefusesEveryAccess() {
        machine.memory.keepContents();
        machine.run(task -> {
            mapAt(task, FIXED_AT, 1, PROT_RW);
            machine.syscalls.memory().store(task, FIXED_AT, 7);
            machine.syscalls.mprotect(task, FIXED_AT, PAGE, PROT_NONE);
            assertThat(machine.syscalls.copyFromUser(task, FIXED_AT, 1)).isEqualTo(-Errno.EFAULT);
            machine.syscalls.mprotect(task, FIXED_AT, PAGE, PROT_READ);
            assertThat(machine.syscalls.memory().load(task, FIXED_AT)).isEqualTo(7);
        });
    }

    // Merging by faulted-ness: selftests/mm/merge.c

    /// Two neighbours that differ in rights; each side faulted or not; then the rights become the same by mprotect of one side.
    private int vmasAfter(KernelVersion version, boolean leftFaulted, boolean rightFaulted, boolean changeLeft) {
        use(version);
        machine.run(task -> {
            mapAt(task, FIXED_AT, 2, changeLeft ? PROT_READ : PROT_RW);
            mapAt(task, FIXED_AT + 2 * PAGE, 2, changeLeft ? PROT_RW : PROT_READ);
            fault(task, FIXED_AT, leftFaulted);
            fault(task, FIXED_AT + 2 * PAGE, rightFaulted);
            machine.syscalls.mprotect(task, changeLeft ? FIXED_AT : FIXED_AT + 2 * PAGE, 2 * PAGE, PROT_RW);
            machine.syscalls.memory().write(task, FIXED_AT, 4 * PAGE);
        });
        return mm.mapCount();
    }

    private void fault(Task task, long address, boolean wanted) {
        if (wanted) {
            int now = mm.vmas().lookup(address).is(VmFlags.VM_WRITE) ? PROT_RW : PROT_READ;
            machine.syscalls.mprotect(task, address, 2 * PAGE, PROT_WRITE | PROT_EXEC);
            write(task, address);
            machine.syscalls.mprotect(task, address, 2 * PAGE, now);
        }
    }

    @Test
    void unfaultedVmaMergesIntoAFaultedNeighbourInEveryKernel() {
        for (KernelVersion version : KernelVersion.values()) {
            assertThat(vmasAfter(version, true, false, false)).as("%s", version).isEqualTo(1);
        }
    }

    @Test
    void faultedVmaMergesIntoAnUnfaultedNeighbourOnlySince617() {
        for (KernelVersion version : KernelVersion.values()) {
            int expected = version.compareTo(KernelVersion.V6_17) < 0 ? 2 : 1;
            assertThat(vmasAfter(version, false, true, false)).as("%s", version).isEqualTo(expected);
            assertThat(vmasAfter(version, true, false, true)).as("%s", version).isEqualTo(expected);
        }
    }

    @Test
    void neighboursFaultedApartHaveAnonVmasOfTheirOwnAndStayApart() {
        machine.run(task -> {
            mapAt(task, FIXED_AT, 1, PROT_RW);
            mapAt(task, FIXED_AT + 2 * PAGE, 1, PROT_RW);
            write(task, FIXED_AT);
            write(task, FIXED_AT + 2 * PAGE);
            mapAt(task, FIXED_AT + PAGE, 1, PROT_RW);
        });
        assertThat(mm.mapCount()).as("the new one joins the left; the right has another anon_vma").isEqualTo(2);
    }

    @Test
    void newMappingJoinsTwoUnfaultedNeighbours() {
        machine.run(task -> {
            mapAt(task, FIXED_AT, 1, PROT_RW);
            mapAt(task, FIXED_AT + 2 * PAGE, 1, PROT_RW);
            mapAt(task, FIXED_AT + PAGE, 1, PROT_RW);
        });
        assertThat(mm.mapCount()).isEqualTo(1);
    }

    @Test
    void adjacentVmasThatDifferOnlyInRightsShareAnAnonVma() {
        machine.run(task -> {
            mapAt(task, FIXED_AT, 1, PROT_RW);
            mapAt(task, FIXED_AT + PAGE, 1, PROT_WRITE);
            write(task, FIXED_AT);
            write(task, FIXED_AT + PAGE);
        });
        assertThat(machine.memory.anonVmas().count()).isEqualTo(1);
    }

    // Which call write-locks what (reference §3.5)

    @Test
    void mmapThatExtendsANeighbourWriteLocksIt() {
        LockLog locks = new LockLog();
        machine.attach(locks);
        machine.run(task -> {
            mapAt(task, FIXED_AT, 1, PROT_RW);
            locks.clear();
            mapAt(task, FIXED_AT + PAGE, 1, PROT_RW);
        });
        assertThat(locks.taken()).containsExactly("mmap_lock write", "vma_lock write");
    }

    @Test
    void munmapZapsUnderADowngradedLock() {
        LockLog locks = new LockLog();
        machine.attach(locks);
        machine.run(task -> {
            mapAt(task, FIXED_AT, 1, PROT_RW);
            locks.clear();
            machine.syscalls.munmap(task, FIXED_AT, PAGE);
        });
        assertThat(locks.log()).containsExactly(
                "+mmap_lock write", "+vma_lock write", "-vma_lock write", "downgraded mmap_lock", "-mmap_lock read");
    }
}
