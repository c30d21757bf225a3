package io.janklab.kernel.mm.map;

import static io.janklab.kernel.uapi.Errno.*;
import static io.janklab.kernel.uapi.Mman.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.check.KernelFixture;
import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.AddressSpace;
import io.janklab.kernel.mm.LockLog;
import io.janklab.kernel.mm.page.HugetlbPool;
import io.janklab.kernel.mm.space.FaultResult;
import io.janklab.kernel.trace.FaultKind;
import io.janklab.kernel.trace.FaultPath;
import io.janklab.kernel.trace.TraceListener;
import io.janklab.kernel.trace.TracedTask;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Memory of MAP_HUGETLB. What calls answer, and what the pool has then, is what a host's Linux 6.18 answered to the same calls.
@Execution(ExecutionMode.CONCURRENT)
class HugetlbTest {
    private static final long PAGE = 4096;
    private static final long HUGE = 2 << 20;
    private static final long AT = 0x1000_0000_0000L;
    private static final int PRIVATE = MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB;
    private static final int SHARED = MAP_SHARED | MAP_ANONYMOUS | MAP_HUGETLB;

    @RegisterExtension
    final KernelFixture kernel = new KernelFixture();

    private interface Body {
        void run(Machine machine, Task task);
    }

    private void on(KernelVersion version, int pages, Body body) {
        Machine machine = kernel.boot(version, Architecture.X86_64);
        on(machine, pages, body);
    }

    private static void on(Machine machine, int pages, Body body) {
        machine.memory.keepContents();
        assertThat(machine.memory.hugetlb().pool().resize(pages)).isEqualTo(pages);
        machine.run(task -> body.run(machine, task));
    }

    private static void free(Machine machine, int free, int reserved) {
        HugetlbPool pool = machine.memory.hugetlb().pool();
        assertThat(List.of(pool.free(), pool.reserved())).as("free, reserved").isEqualTo(List.of(free, reserved));
    }

    private static long map(Machine machine, Task task, int pages, int flags) {
        return machine.syscalls.mmap(task, AT, pages * HUGE, PROT_RW, flags | MAP_FIXED);
    }

    private static FaultResult touch(Machine machine, Task task, long address, boolean write) {
        return machine.process.addressSpace().fault(task, address, write, true);
    }

    /// Three pages, of which the first two have been written to.
    private static void mapAndWrite(Machine machine, Task task, int flags) {
        machine.syscalls.munmap(task, AT, 8 * HUGE);
        assertThat(map(machine, task, 3, flags)).isEqualTo(AT);
        machine.syscalls.memory().store(task, AT, 7);
        machine.syscalls.memory().store(task, AT + HUGE, 8);
    }

    @Test
    void pagesAreReservedByMmapAndTakenByFaults() {
        on(KernelVersion.V6_17, 8, (machine, task) -> {
            assertThat(map(machine, task, 1, PRIVATE)).isEqualTo(AT);
            free(machine, 8, 1);
            assertThat(touch(machine, task, AT + 5 * PAGE, false)).isEqualTo(FaultResult.HANDLED);
            free(machine, 7, 0);
            assertThat(machine.mm.residentPages()).isZero();
            assertThat(machine.syscalls.munmap(task, AT, HUGE)).isZero();
            free(machine, 8, 0);
            assertThat(map(machine, task, 9, PRIVATE)).isEqualTo(-ENOMEM);
            assertThat(map(machine, task, 9, SHARED)).isEqualTo(-ENOMEM);
            free(machine, 8, 0);
        });
    }

    @Test
    void withoutAReservationAFaultIsSigbusOnceThePoolIsEmpty() {
        on(KernelVersion.V6_17, 2, (machine, task) -> {
            assertThat(map(machine, task, 3, PRIVATE | MAP_NORESERVE)).isEqualTo(AT);
            assertThat(touch(machine, task, AT, true)).isEqualTo(FaultResult.HANDLED);
            assertThat(machine.syscalls.mmap(task, AT + 8 * HUGE, HUGE, PROT_RW, PRIVATE | MAP_FIXED)).isEqualTo(AT + 8 * HUGE);
            free(machine, 1, 1);
            assertThat(touch(machine, task, AT + HUGE, true)).as("the last page is reserved").isEqualTo(FaultResult.SIGBUS);
            assertThat(machine.syscalls.madvise(task, AT, 3 * HUGE, MADV_POPULATE_WRITE)).isEqualTo(-EFAULT);
            assertThat(touch(machine, task, AT + 8 * HUGE, true)).isEqualTo(FaultResult.HANDLED);
        });
    }

    @Test
    void aPoolOfNoneStillMapsWithoutReserving() {
        on(KernelVersion.V6_6, 0, (machine, task) -> {
            assertThat(map(machine, task, 1, PRIVATE)).isEqualTo(-ENOMEM);
            assertThat(map(machine, task, 1, SHARED | MAP_NORESERVE)).isEqualTo(AT);
            assertThat(touch(machine, task, AT, false)).isEqualTo(FaultResult.SIGBUS);
        });
    }

    @Test
    void whatAMappingReplacesIsGoneEvenIfItCannotReserve() {
        on(KernelVersion.V6_17, 1, (machine, task) -> {
            machine.syscalls.mmap(task, AT, HUGE, PROT_RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED);
            assertThat(map(machine, task, 2, PRIVATE)).isEqualTo(-ENOMEM);
            assertThat(machine.mm.vmas().lookup(AT)).isNull();
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {PRIVATE, SHARED})
    void noCallSplitsAPage(int flags) {
        on(KernelVersion.V6_17, 8, (machine, task) -> {
            assertThat(machine.syscalls.mmap(task, AT, 1, PROT_RW, flags | MAP_FIXED)).isEqualTo(AT);
            assertThat(machine.mm.vmas().lookup(AT).end()).isEqualTo(AT + HUGE);
            assertThat(machine.syscalls.munmap(task, AT, PAGE)).isEqualTo(-EINVAL);
            assertThat(machine.syscalls.munmap(task, AT + HUGE - PAGE, PAGE)).isEqualTo(-EINVAL);
            assertThat(machine.syscalls.mprotect(task, AT, PAGE, PROT_READ)).isEqualTo(-EINVAL);
            assertThat(machine.syscalls.mprotect(task, AT, PAGE, PROT_RW)).as("changes nothing").isZero();
            assertThat(machine.syscalls.mseal(task, AT, PAGE, 0)).isEqualTo(-EINVAL);
            assertThat(machine.syscalls.mmap(task, AT + PAGE, PAGE, PROT_RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED)).isEqualTo(-EINVAL);
            assertThat(machine.syscalls.munmap(task, AT, HUGE + PAGE)).as("beyond it").isZero();
            free(machine, 8, 0);
        });
    }

    @Test
    void munmapThatEndsInsideAPageUnmapsNothing() {
        on(KernelVersion.V6_17, 8, (machine, task) -> {
            machine.syscalls.mmap(task, AT, 2 * HUGE, PROT_RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED);
            machine.syscalls.mmap(task, AT + 2 * HUGE, HUGE, PROT_RW, PRIVATE | MAP_FIXED);
            assertThat(machine.syscalls.munmap(task, AT + HUGE, HUGE + PAGE)).isEqualTo(-EINVAL);
            assertThat(machine.mm.vmas().list()).as("the lower one has been split").hasSize(3);
            assertThat(touch(machine, task, AT + HUGE, true)).isEqualTo(FaultResult.HANDLED);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 0, 0, 0", "1, 0, EINVAL, EINVAL, EINVAL", "2, 0, EINVAL, EINVAL, EINVAL", "3, 0, 0, 0, 0",
        "8, EINVAL, EINVAL, EINVAL, EINVAL", "10, 0, EINVAL, EINVAL, EINVAL", "11, 0, 0, 0, 0", "14, 0, EINVAL, EINVAL, EINVAL",
        "15, 0, EINVAL, EINVAL, EINVAL", "16, 0, EINVAL, EINVAL, EINVAL", "17, 0, 0, 0, 0", "18, EINVAL, EINVAL, EINVAL, EINVAL",
        "19, 0, 0, 0, 0", "20, EINVAL, EINVAL, EINVAL, EINVAL", "21, EINVAL, EINVAL, EINVAL, EINVAL", "22, 0, 0, 0, 0", "23, 0, 0, 0, 0",
        "25, EINVAL, EINVAL, EINVAL, EINVAL", "102, EINVAL, EINVAL, EINVAL, EINVAL", "103, EINVAL, EINVAL, EINVAL, EINVAL",
        "4, 0, EINVAL, 0, 0", "24, 0, EINVAL, 0, 0"})
    void adviceTakesWholePagesOrNothingAtAll(int advice, String whole, String fromInside, String part, String oneAndAPart) {
        for (int flags : new int[] {PRIVATE, SHARED}) {
            on(KernelVersion.V6_17, 8, (machine, task) -> {
                mapAndWrite(machine, task, flags);
                assertThat(machine.syscalls.madvise(task, AT, 3 * HUGE, advice)).as("whole").isEqualTo(error(whole));
                mapAndWrite(machine, task, flags);
                assertThat(machine.syscalls.madvise(task, AT + PAGE, HUGE, advice)).as("from inside").isEqualTo(error(fromInside));
                mapAndWrite(machine, task, flags);
                assertThat(machine.syscalls.madvise(task, AT, PAGE, advice)).as("part").isEqualTo(error(part));
                mapAndWrite(machine, task, flags);
                assertThat(machine.syscalls.madvise(task, AT, HUGE + PAGE, advice)).as("one and a part").isEqualTo(error(oneAndAPart));
            });
        }
    }

    private static long error(String name) {
        return name.equals("EINVAL") ? -EINVAL : 0;
    }

    @ParameterizedTest
    @CsvSource({"V6_17, 7, 2", "V6_6, 7, 1"})
    void discardedPrivateMemoryIsReservedAgainSince69(KernelVersion version, int free, int reserved) {
        on(version, 8, (machine, task) -> {
            mapAndWrite(machine, task, PRIVATE);
            free(machine, 6, 1);
            assertThat(machine.syscalls.madvise(task, AT, HUGE + PAGE, MADV_DONTNEED)).isZero();
            free(machine, free, reserved);
            assertThat(machine.syscalls.memory().load(task, AT)).isZero();
            assertThat(machine.syscalls.memory().load(task, AT + HUGE)).isEqualTo(8);
        });
    }

    @Test
    void discardedSharedMemoryIsStillItsFiles() {
        on(KernelVersion.V6_17, 8, (machine, task) -> {
            mapAndWrite(machine, task, SHARED);
            assertThat(machine.syscalls.madvise(task, AT, 3 * HUGE, MADV_DONTNEED)).isZero();
            free(machine, 6, 1);
            assertThat(machine.syscalls.memory().load(task, AT)).isEqualTo(7);
        });
    }

    @Test
    void removeGivesWholePagesBackAndClearsParts() {
        on(KernelVersion.V6_17, 8, (machine, task) -> {
            mapAndWrite(machine, task, SHARED);
            machine.syscalls.memory().store(task, AT + PAGE, 9);
            assertThat(machine.syscalls.madvise(task, AT + PAGE, PAGE, MADV_REMOVE)).isZero();
            free(machine, 6, 1);
            assertThat(machine.syscalls.memory().load(task, AT)).isEqualTo(7);
            assertThat(machine.syscalls.memory().load(task, AT + PAGE)).isZero();
            assertThat(machine.syscalls.madvise(task, AT, HUGE + PAGE, MADV_REMOVE)).isZero();
            free(machine, 7, 1);
            assertThat(machine.syscalls.memory().load(task, AT)).isZero();
            free(machine, 6, 1);
            mapAndWrite(machine, task, PRIVATE);
            assertThat(machine.syscalls.madvise(task, AT, HUGE, MADV_REMOVE)).isEqualTo(-EACCES);
        });
    }

    @ParameterizedTest
    @CsvSource({"android13-5.15, -22, -22", "6.1, 0, 0"})
    void neitherMovedNorDiscardedBefore516And518(String label, long moved, long discarded) {
        KernelProfile profile = KernelProfile.byLabel(label, Architecture.ARM64);
        on(kernel.boot(profile, Architecture.ARM64), 8, (machine, task) -> {
            mapAndWrite(machine, task, PRIVATE);
            assertThat(machine.syscalls.madvise(task, AT, HUGE, MADV_DONTNEED)).isEqualTo(discarded);
            long target = AT + 16 * HUGE;
            long result = machine.syscalls.mremap(task, AT, 3 * HUGE, 3 * HUGE, MREMAP_MAYMOVE | MREMAP_FIXED, target);
            assertThat(result).isEqualTo(moved == 0 ? target : moved);
        });
    }

    @ParameterizedTest
    @EnumSource(value = KernelVersion.class, names = {"V6_1", "V6_17"})
    void mremapRoundsToItsPagesAndNeverGrowsIt(KernelVersion version) {
        on(version, 8, (machine, task) -> {
            mapAndWrite(machine, task, PRIVATE);
            assertThat(machine.syscalls.mremap(task, AT, 3 * HUGE, 4 * HUGE, MREMAP_MAYMOVE, 0)).isEqualTo(-EINVAL);
            assertThat(machine.syscalls.mremap(task, AT + PAGE, HUGE, PAGE, 0, 0)).isEqualTo(-EINVAL);
            assertThat(machine.syscalls.mremap(task, AT, PAGE, HUGE, 0, 0)).isEqualTo(AT);
            assertThat(machine.syscalls.mremap(task, AT, PAGE, 2 * HUGE, MREMAP_MAYMOVE, 0)).isEqualTo(-EINVAL);
            assertThat(machine.syscalls.mremap(task, AT, 0, HUGE, MREMAP_MAYMOVE, 0)).isEqualTo(-EINVAL);
            assertThat(machine.syscalls.mremap(task, AT, 3 * HUGE, 3 * HUGE, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, 0)).isEqualTo(-EINVAL);
            int move = MREMAP_MAYMOVE | MREMAP_FIXED;
            assertThat(machine.syscalls.mremap(task, AT, 3 * HUGE, 3 * HUGE, move, AT + 16 * HUGE + PAGE)).isEqualTo(-EINVAL);
            free(machine, 6, 1);
            assertThat(machine.syscalls.mremap(task, AT, 3 * HUGE, 3 * HUGE, move, AT + 16 * HUGE)).isEqualTo(AT + 16 * HUGE);
            free(machine, 6, 1);
            assertThat(machine.syscalls.memory().load(task, AT + 17 * HUGE)).isEqualTo(8);
            assertThat(machine.syscalls.mremap(task, AT + 16 * HUGE, 3 * HUGE, PAGE, 0, 0)).isEqualTo(AT + 16 * HUGE);
            free(machine, 7, 0);
        });
    }

    @Test
    void mlockFaultsItInAndNeverMarksIt() {
        on(KernelVersion.V6_17, 8, (machine, task) -> {
            mapAndWrite(machine, task, PRIVATE);
            assertThat(machine.syscalls.mlock(task, AT, 3 * HUGE)).isZero();
            free(machine, 5, 0);
            assertThat(machine.mm.lockedPages(0, AT + 8 * HUGE)).isZero();
            assertThat(machine.syscalls.madvise(task, AT, HUGE, MADV_DONTNEED)).isZero();
            byte[] resident = new byte[1536];
            assertThat(machine.syscalls.mincore(task, AT, 3 * HUGE, resident)).isZero();
            assertThat(new byte[] {resident[0], resident[511], resident[512], resident[1535]}).containsExactly(0, 0, 1, 1);
        });
    }

    @Test
    void aLengthIsRoundedUpAndAPlaceMustBeAMultiple() {
        on(KernelVersion.V6_17, 8, (machine, task) -> {
            long anywhere = machine.syscalls.mmap(task, 0, 1, PROT_RW, PRIVATE);
            assertThat(anywhere % HUGE).isZero();
            assertThat(machine.syscalls.mmap(task, AT + PAGE, HUGE, PROT_RW, PRIVATE) % HUGE).isZero();
            assertThat(machine.syscalls.mmap(task, AT + PAGE, HUGE, PROT_RW, PRIVATE | MAP_FIXED_NOREPLACE)).isEqualTo(-EINVAL);
            assertThat(machine.syscalls.mmap(task, 0, HUGE, PROT_RW, PRIVATE, null, PAGE)).isEqualTo(-EINVAL);
            assertThat(machine.syscalls.mmap(task, 0, HUGE, PROT_RW, SHARED, null, HUGE)).isPositive();
            assertThat(machine.syscalls.mmap(task, 0, HUGE, PROT_RW, PRIVATE | MAP_GROWSDOWN)).isEqualTo(-EINVAL);
            assertThat(machine.syscalls.mmap(task, 0, -1, PROT_RW, PRIVATE)).isEqualTo(-EINVAL);
            assertThat(machine.syscalls.mmap(task, 0, HUGE, PROT_RW, MAP_SHARED_VALIDATE | MAP_ANONYMOUS | MAP_HUGETLB)).isPositive();
            int gigantic = PRIVATE | 30 << MAP_HUGE_SHIFT;
            assertThat(machine.syscalls.mmap(task, 0, 1, PROT_RW, gigantic)).isEqualTo(-ENOMEM);
            long one = machine.syscalls.mmap(task, 0, 1, PROT_RW, gigantic | MAP_NORESERVE);
            assertThat(one).isPositive().matches(address -> address % (1 << 30) == 0);
            assertThat(touch(machine, task, one, false)).isEqualTo(FaultResult.SIGBUS);
        });
    }

    // fork

    private static AddressSpace fork(Machine machine, Task task) {
        return Objects.requireNonNull(machine.process.addressSpace().fork(task, 1234, "child"));
    }

    @Test
    void aChildCopiesFromPagesThatNobodyHasReserved() {
        on(KernelVersion.V6_17, 8, (machine, task) -> {
            mapAndWrite(machine, task, PRIVATE);
            AddressSpace child = fork(machine, task);
            free(machine, 6, 1);
            assertThat(child.fault(task, AT, true, true)).isEqualTo(FaultResult.HANDLED);
            free(machine, 5, 1);
            assertThat(child.fault(task, AT + 2 * HUGE, true, true)).isEqualTo(FaultResult.HANDLED);
            free(machine, 4, 1);
            child.exit(task);
            free(machine, 6, 1);
            assertThat(touch(machine, task, AT, true)).isEqualTo(FaultResult.HANDLED);
            free(machine, 6, 1);
            assertThat(touch(machine, task, AT + 2 * HUGE, true)).isEqualTo(FaultResult.HANDLED);
            free(machine, 5, 0);
        });
    }

    @Test
    void theOwnerTakesAPageBackFromItsChildrenWhenThePoolIsEmpty() {
        on(KernelVersion.V6_17, 3, (machine, task) -> {
            mapAndWrite(machine, task, PRIVATE);
            touch(machine, task, AT + 2 * HUGE, true);
            AddressSpace child = fork(machine, task);
            assertThat(child.fault(task, AT, true, true)).as("a child's write").isEqualTo(FaultResult.SIGBUS);
            assertThat(touch(machine, task, AT + HUGE, true)).as("the owner's").isEqualTo(FaultResult.HANDLED);
            assertThat(touch(machine, task, AT + HUGE, true)).isEqualTo(FaultResult.HANDLED);
            assertThat(child.fault(task, AT + HUGE, false, true)).as("what was taken back").isEqualTo(FaultResult.SIGBUS);
            assertThat(child.fault(task, AT + 2 * HUGE, false, true)).isEqualTo(FaultResult.HANDLED);
            child.exit(task);
            free(machine, 0, 0);
        });
    }

    @Test
    void sharedMemoryIsOneFilesForParentAndChild() {
        on(KernelVersion.V6_17, 8, (machine, task) -> {
            assertThat(map(machine, task, 3, SHARED)).isEqualTo(AT);
            machine.syscalls.memory().store(task, AT, 7);
            AddressSpace child = fork(machine, task);
            assertThat(child.fault(task, AT, true, true)).isEqualTo(FaultResult.HANDLED);
            assertThat(child.mm().frameAt(AT)).isEqualTo(machine.mm.frameAt(AT));
            assertThat(child.fault(task, AT + HUGE, true, true)).isEqualTo(FaultResult.HANDLED);
            free(machine, 6, 1);
            child.exit(task);
            free(machine, 6, 1);
        });
    }

    // Which lock

    @ParameterizedTest
    @CsvSource({"V6_6, MMAP_LOCK_AFTER_RETRY", "V6_12, VMA_LOCK"})
    void faultsAreUnderTheVmaLockSince69(KernelVersion version, FaultPath path) {
        Machine machine = kernel.boot(version, Architecture.ARM64);
        List<FaultPath> paths = new ArrayList<>();
        machine.attach(new TraceListener() {
            @Override
            public void pageFault(long now, TracedTask task, long address, boolean write, boolean userMode, FaultPath taken, FaultKind kind,
                    int retries, long beganAt) {
                paths.add(taken);
            }
        });
        on(machine, 8, (booted, task) -> {
            map(booted, task, 3, SHARED);
            touch(booted, task, AT, true);
        });
        assertThat(paths).containsExactly(path);
    }

    @ParameterizedTest
    @EnumSource(value = SwitchValue.class, names = {"VMA_IRQ_OFF", "VMA_RCU"})
    void aFolioWalkUnderTheVmaLockLeavesHugetlbToMmapLock(SwitchValue lock) {
        KernelProfile profile = KernelProfile.of(KernelVersion.V7_2, Architecture.X86_64).with(Switch.REMOTE_ACCESS_LOCK, lock);
        Machine machine = kernel.boot(profile, Architecture.X86_64);
        LockLog locks = new LockLog();
        machine.attach(locks);
        on(machine, 8, (booted, task) -> {
            mapAndWrite(booted, task, SHARED);
            locks.clear();
            assertThat(booted.kernel.addressSpaces().remoteAccess().read(task, booted.mm, AT, PAGE)).isEqualTo(PAGE);
        });
        assertThat(locks.taken()).containsExactly("vma_lock read", "mmap_lock read");
    }

    // /proc

    @Test
    void smapsCountsItApart() {
        on(KernelVersion.V6_17, 8, (machine, task) -> {
            mapAndWrite(machine, task, PRIVATE);
            String smaps = machine.process.addressSpace().openSmaps().read(task);
            assertThat(smaps).contains("/anon_hugepage (deleted)\n", "KernelPageSize:     2048 kB\n", "MMUPageSize:        2048 kB\n",
                    "Rss:                   0 kB\n", "Shared_Hugetlb:        0 kB\n", "Private_Hugetlb:    4096 kB\n",
                    "VmFlags: rd wr mr mw me de ht \n");
        });
    }
}
