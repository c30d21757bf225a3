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
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.FaultLog;
import io.janklab.kernel.mm.LockLog;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.page.FolioTable;
import io.janklab.kernel.mm.page.VmStat;
import io.janklab.kernel.mm.space.VirtualFile;
import io.janklab.kernel.mm.space.VmFlags;
import io.janklab.kernel.syscall.BusError;
import io.janklab.kernel.trace.FaultKind;
import io.janklab.kernel.trace.FaultPath;
import io.janklab.kernel.trace.LockClass;
import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.TraceListener;
import io.janklab.kernel.trace.TracedLock;
import io.janklab.kernel.trace.TracedTask;
import io.janklab.kernel.uapi.Errno;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileMappingTest {
    private static final long PAGE = Addresses.PAGE_SIZE;
    private static final int PAGES = 256;

    @RegisterExtension
    final KernelFixture kernel = new KernelFixture();

    private final FaultLog faults = new FaultLog();

    private Machine boot(KernelVersion version) {
        return boot(KernelProfile.of(version, Architecture.ARM64));
    }

    private Machine boot(KernelProfile profile) {
        Machine machine = kernel.boot(profile, Architecture.ARM64);
        machine.attach(faults);
        return machine;
    }

    private static VirtualFile file(Machine machine) {
        return machine.memory.pageCache().create("base.odex", PAGES);
    }

    private static VirtualFile cachedFile(Machine machine) {
        VirtualFile file = file(machine);
        machine.memory.pageCache().preload(file, 0, PAGES);
        return file;
    }

    private static long map(Machine machine, Task task, VirtualFile file, int protection, int type) {
        long address = 0x1000_0000_0000L;
        assertThat(machine.syscalls.mmap(task, address, PAGES * PAGE, protection, type | MAP_FIXED, file, 0)).isEqualTo(address);
        return address;
    }

    /// `do_fault_around` comes before `filemap_fault` looks at the file's length (seen on a real 6.18 by `conform`).
    @Test
    void readFaultBeyondTheEndMapsWhatIsBeforeItAllTheSame() {
        Machine machine = boot(KernelVersion.V7_2);
        VirtualFile file = cachedFile(machine);
        machine.run(task -> {
            long text = 0x1000_0000_0000L;
            machine.syscalls.mmap(task, text, 8 * PAGE, PROT_READ, MAP_SHARED | MAP_FIXED, file, (PAGES - 7) * PAGE);
            assertThatThrownBy(() -> machine.syscalls.memory().read(task, text + 7 * PAGE, 1)).isInstanceOf(BusError.class);
        });
        assertThat(machine.mm.residentPages()).isEqualTo(7);
    }

    /// 74207de2ba10: no huge folio reaches over the end, and without a table nothing is mapped around (seen on a real 6.18 by `conform`).
    @Test
    void withoutATableNothingIsMappedAroundWhereOnlyTheLastPageIs() {
        Machine machine = boot(KernelVersion.V7_2);
        VirtualFile file = cachedFile(machine);
        machine.run(task -> {
            long text = 0x1000_0000_0000L;
            machine.syscalls.mmap(task, text, 2 * PAGE, PROT_READ, MAP_SHARED | MAP_FIXED, file, (PAGES - 1) * PAGE);
            assertThatThrownBy(() -> machine.syscalls.memory().read(task, text + PAGE, 1)).isInstanceOf(BusError.class);
            assertThat(machine.mm.residentPages()).isZero();
            machine.syscalls.memory().read(task, text, 1);
            assertThat(machine.mm.residentPages()).isEqualTo(1);
        });
    }

    /// `do_sync_mmap_readahead` (seen on a real 6.18 by `conform`); arm64 wants 64 KiB at once.
    @ParameterizedTest
    @CsvSource({"V6_14, 104, 135", "V6_17, 112, 143"})
    void missingExecutableMemoryIsReadOnwardsSince617(KernelVersion version, long first, long last) {
        Machine machine = boot(version);
        VirtualFile file = file(machine);
        machine.run(task -> {
            long text = map(machine, task, file, PROT_READ | PROT_EXEC, MAP_PRIVATE);
            machine.syscalls.memory().read(task, text + 120 * PAGE, 1);
        });
        assertThat(inMemory(file)).containsExactlyElementsOf(LongStream.rangeClosed(first, last).boxed().toList());
    }

    /// `do_sync_mmap_readahead` (seen on a real 6.18 by `conform`).
    @ParameterizedTest
    @CsvSource({"false, 1024", "true, 512"})
    void missingPageOfMemoryThatMayBeHugeIsReadWithItsHugePage(boolean atRandom, int pages) {
        Machine machine = boot(KernelVersion.V6_17);
        VirtualFile file = machine.memory.pageCache().create("base.odex", 2048);
        machine.run(task -> {
            long text = 0x1000_0000_0000L;
            machine.syscalls.mmap(task, text, 2048 * PAGE, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_FIXED, file, 0);
            machine.syscalls.madvise(task, text, 2048 * PAGE, MADV_HUGEPAGE);
            if (atRandom) {
                machine.syscalls.madvise(task, text, 2048 * PAGE, MADV_RANDOM);
            }
            machine.syscalls.memory().read(task, text + 700 * PAGE, 1);
        });
        assertThat(LongStream.range(0, 2048).filter(index -> file.frame(index) != FolioTable.NO_FRAME).boxed().toList())
                .containsExactlyElementsOf(LongStream.range(512, 512 + pages).boxed().toList());
    }

    @Test
    void readAheadOfExecutableMemoryStopsAtTheMappingsBounds() {
        Machine machine = boot(KernelVersion.V6_17);
        VirtualFile file = file(machine);
        machine.run(task -> {
            long text = 0x1000_0000_0000L;
            machine.syscalls.mmap(task, text, 8 * PAGE, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_FIXED, file, 100 * PAGE);
            machine.syscalls.memory().read(task, text + 2 * PAGE, 1);
        });
        assertThat(inMemory(file)).containsExactlyElementsOf(LongStream.range(100, 108).boxed().toList());
    }

    private static List<Long> inMemory(VirtualFile file) {
        return LongStream.range(0, PAGES).filter(index -> file.frame(index) != FolioTable.NO_FRAME).boxed().toList();
    }

    /// `__thp_get_unmapped_area`.
    @Test
    void aMappingThatHoldsAHugePageOfAFileGoesElsewhereThanItsHintIfThatLacksRoomForOneMore() {
        Machine machine = boot(KernelVersion.V7_2);
        VirtualFile file = machine.memory.pageCache().create("base.apk", 1024);
        file.alignHuge();
        machine.run(task -> {
            long hint = 0x1000_0000_0000L + 5 * PAGE;
            assertThat(machine.syscalls.mmap(task, hint, 600 * PAGE, PROT_READ, MAP_SHARED, file, 0)).isEqualTo(hint);
            machine.syscalls.munmap(task, hint, 600 * PAGE);
            machine.syscalls.mmap(task, hint + 1000 * PAGE, PAGE, PROT_READ, MAP_SHARED | MAP_FIXED, file, 0);
            assertThat(machine.syscalls.mmap(task, hint, 600 * PAGE, PROT_READ, MAP_SHARED, file, 0)).isNotEqualTo(hint);
            long placed = machine.syscalls.mmap(task, 0, 1021 * PAGE, PROT_READ, MAP_SHARED, file, 3 * PAGE);
            assertThat((placed - 3 * PAGE) % Addresses.PMD_SIZE).as("huge pages of the file lie on their boundaries").isZero();
            assertThat(machine.syscalls.mmap(task, hint, 400 * PAGE, PROT_READ, MAP_SHARED, file, 0)).as("no huge page").isEqualTo(hint);
        });
    }

    /// `shrink_folio_list`; the mark that stays is the one for reading ahead, at which faults do not map around.
    @Test
    void pageoutUnmapsDirtyPagesAndFreesCleanOnes() {
        Machine machine = boot(KernelVersion.V7_2);
        VirtualFile file = cachedFile(machine);
        machine.memory.folios().set(file.frame(0), FolioTable.DIRTY);
        machine.run(task -> {
            long text = map(machine, task, file, PROT_READ, MAP_SHARED);
            machine.syscalls.memory().read(task, text, 1);
            assertThat(machine.syscalls.madvise(task, text, 2 * PAGE, MADV_PAGEOUT)).isZero();
            assertThat(machine.mm.residentPages()).isEqualTo(14);
            assertThat(file.frame(0)).as("dirty").isNotEqualTo(FolioTable.NO_FRAME);
            assertThat(file.frame(1)).as("clean").isEqualTo(FolioTable.NO_FRAME);
            machine.syscalls.munmap(task, text, PAGES * PAGE);
            map(machine, task, file, PROT_READ, MAP_SHARED);
            machine.syscalls.memory().read(task, text + 2 * PAGE, 1);
            assertThat(machine.mm.residentPages()).as("neither of the two").isEqualTo(14);
            machine.syscalls.memory().read(task, text, 1);
            assertThat(machine.mm.residentPages()).isEqualTo(15);
        });
    }

    @Test
    void removePunchesAHoleIntoASharedFile() {
        Machine machine = boot(KernelVersion.V7_2);
        VirtualFile file = cachedFile(machine);
        machine.run(task -> {
            long text = map(machine, task, file, PROT_RW, MAP_SHARED);
            machine.syscalls.memory().read(task, text, 1);
            assertThat(machine.syscalls.madvise(task, text, 2 * PAGE, MADV_REMOVE)).isZero();
            assertThat(machine.mm.residentPages()).isEqualTo(14);
            assertThat(file.frame(1)).isEqualTo(FolioTable.NO_FRAME);
        });
    }

    @Test
    void mincoreOfAGuardTellsOfThePageCache() {
        Machine machine = boot(KernelVersion.V7_2);
        VirtualFile file = cachedFile(machine);
        machine.run(task -> {
            long text = map(machine, task, file, PROT_READ, MAP_SHARED);
            machine.syscalls.madvise(task, text, PAGE, MADV_GUARD_INSTALL);
            byte[] resident = new byte[1];
            assertThat(machine.syscalls.mincore(task, text, PAGE, resident)).isZero();
            assertThat(resident[0]).isEqualTo((byte) 1);
        });
    }

    @Test
    void validatedSharingIsSharingThatRefusesUnknownFlags() {
        Machine machine = boot(KernelVersion.V7_2);
        VirtualFile file = cachedFile(machine);
        machine.run(task -> {
            long text = map(machine, task, file, PROT_RW, MAP_SHARED_VALIDATE);
            assertThat(machine.mm.vmas().lookup(text).is(VmFlags.VM_SHARED)).isTrue();
            int unknown = MAP_SHARED_VALIDATE | MAP_FIXED_NOREPLACE;
            assertThat(machine.syscalls.mmap(task, text - PAGE, PAGE, PROT_RW, unknown, file, 0)).isEqualTo(-Errno.EOPNOTSUPP);
        });
    }

    @Test
    void readFaultMapsWhatIsInMemoryWithin64KibAround() {
        Machine machine = boot(KernelVersion.V7_2);
        VirtualFile file = cachedFile(machine);
        machine.run(task -> {
            long text = map(machine, task, file, PROT_READ, MAP_PRIVATE);
            machine.syscalls.memory().read(task, text + 20 * PAGE, 1);
            machine.syscalls.memory().read(task, text + 16 * PAGE, 16 * PAGE);
        });
        assertThat(faults.kinds()).containsExactly(FaultKind.FILE);
        assertThat(faults.paths()).containsExactly(FaultPath.VMA_LOCK);
        assertThat(machine.mm.residentPages()).isEqualTo(16);
    }

    @Test
    void faultAroundStaysWithinTheVma() {
        Machine machine = boot(KernelVersion.V7_2);
        VirtualFile file = cachedFile(machine);
        machine.run(task -> {
            long text = machine.syscalls.mmap(task, 0, 3 * PAGE, PROT_READ, MAP_PRIVATE, file, 4 * PAGE);
            machine.syscalls.memory().read(task, text, 1);
        });
        assertThat(machine.mm.residentPages()).isEqualTo(3);
    }

    @Test
    void aMissingPageIsReadWithoutTheVmaLockAndRetriedUnderMmapLock() {
        Machine machine = boot(KernelVersion.V7_2);
        VirtualFile file = file(machine);
        machine.run(task -> {
            long text = map(machine, task, file, PROT_READ, MAP_PRIVATE);
            machine.syscalls.memory().read(task, text, 1);
        });
        assertThat(faults.paths()).containsExactly(FaultPath.MMAP_LOCK_AFTER_RETRY);
        assertThat(machine.memory.vmstat().get(VmStat.Item.PGMAJFAULT)).isEqualTo(1);
    }

    @Test
    void withRetryUnderTheVmaLockMmapLockIsNeverTaken() {
        Machine machine = boot(KernelProfile.of(KernelVersion.V7_2, Architecture.ARM64).with(Switch.FAULT_RETRY, SwitchValue.VMA));
        VirtualFile file = file(machine);
        machine.run(task -> {
            long text = map(machine, task, file, PROT_READ, MAP_PRIVATE);
            machine.syscalls.memory().read(task, text, 1);
        });
        assertThat(faults.paths()).containsExactly(FaultPath.VMA_LOCK);
    }

    @Test
    void aPolicyMayRetryUnderTheVmaLockAsWell() {
        Machine machine = boot(KernelProfile.of(KernelVersion.V7_2, Architecture.ARM64)
                .with(Switch.RWSEM_POLICY, SwitchValue.RETRY_UNDER_VMA_LOCK));
        VirtualFile file = file(machine);
        machine.run(task -> {
            long text = map(machine, task, file, PROT_READ, MAP_PRIVATE);
            machine.syscalls.memory().read(task, text, 1);
        });
        assertThat(faults.paths()).containsExactly(FaultPath.VMA_LOCK);
    }

    @Test
    void whereTheVmaLockIsHeldOverIoThereIsNoRetryAndAWriterWaits() {
        Machine machine = boot(KernelProfile.of(KernelVersion.V7_2, Architecture.ARM64).with(Switch.FAULT_RETRY, SwitchValue.HOLD));
        VirtualFile file = file(machine);
        long[] readDone = new long[1];
        long[] unmapped = new long[1];
        machine.spawnOn(0, "reader", 0, task -> {
            long text = map(machine, task, file, PROT_READ, MAP_PRIVATE);
            machine.spawnOn(1, "unmapper", 0, other -> {
                other.sleepUntil(other.now() + 15_000);
                machine.syscalls.munmap(other, text, PAGE);
                unmapped[0] = other.now();
            });
            machine.syscalls.memory().read(task, text, 1);
            readDone[0] = task.now();
        });
        machine.run();
        assertThat(faults.paths()).containsExactly(FaultPath.VMA_LOCK);
        assertThat(unmapped[0]).isGreaterThan(readDone[0]);
    }

    @Test
    void whoWaitsForAnothersReadRetriesUnderTheVmaLockToo() {
        Machine machine = boot(KernelProfile.of(KernelVersion.V7_2, Architecture.ARM64).with(Switch.FAULT_RETRY, SwitchValue.VMA));
        VirtualFile file = file(machine);
        long[] text = new long[1];
        machine.run(task -> text[0] = map(machine, task, file, PROT_READ, MAP_PRIVATE));
        for (int cpu = 0; cpu < 3; cpu++) {
            machine.spawnOn(cpu, "reader", 0, task -> machine.syscalls.memory().read(task, text[0], 1));
        }
        machine.run();
        assertThat(faults.paths()).hasSize(3).containsOnly(FaultPath.VMA_LOCK);
    }

    @Test
    void nobodyWaitsForMmapLockWhileAPageIsRead() {
        Machine machine = boot(KernelVersion.V6_1);
        VirtualFile file = file(machine);
        long[] readDone = new long[1];
        long[] mapped = new long[1];
        machine.spawnOn(0, "reader", 0, task -> {
            long text = map(machine, task, file, PROT_READ, MAP_PRIVATE);
            machine.spawnOn(1, "mapper", 0, other -> {
                other.sleepUntil(other.now() + 15_000);
                machine.syscalls.mmap(other, 0, PAGE, PROT_RW, MAP_PRIVATE | MAP_ANONYMOUS);
                mapped[0] = other.now();
            });
            machine.syscalls.memory().read(task, text, 1);
            readDone[0] = task.now();
        });
        machine.run();
        assertThat(mapped[0]).isPositive().isLessThan(readDone[0]);
    }

    /// `__mm_populate`, `madvise_populate`: each wait for a page drops mmap_lock.
    @ParameterizedTest
    @ValueSource(strings = {"MAP_POPULATE", "MADV_POPULATE_READ", "mlock"})
    void populatingAFileLetsOthersHaveMmapLockWhileItWaits(String how) {
        Machine machine = boot(KernelVersion.V7_2);
        VirtualFile file = file(machine);
        long[] done = new long[1];
        long[] mapped = new long[1];
        machine.spawnOn(0, "populate", 0, task -> {
            machine.spawnOn(1, "mapper", 0, other -> {
                other.sleepUntil(other.now() + 50_000);
                machine.syscalls.mmap(other, 0, PAGE, PROT_RW, MAP_PRIVATE | MAP_ANONYMOUS);
                mapped[0] = other.now();
            });
            assertThat(populate(machine, task, file, how)).isNotNegative();
            done[0] = task.now();
        });
        machine.run();
        assertThat(mapped[0]).isPositive().isLessThan(done[0]);
        assertThat(machine.mm.residentPages()).isEqualTo(PAGES);
    }

    private static long populate(Machine machine, Task task, VirtualFile file, String how) {
        if (how.equals("MAP_POPULATE")) {
            return machine.syscalls.mmap(task, 0, PAGES * PAGE, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file, 0);
        }
        long text = map(machine, task, file, PROT_READ, MAP_PRIVATE);
        return how.equals("mlock")
                ? machine.syscalls.mlock(task, text, PAGES * PAGE)
                : machine.syscalls.madvise(task, text, PAGES * PAGE, MADV_POPULATE_READ);
    }

    @Test
    void populatingASharedMappingDoesNotWriteToIt() {
        Machine machine = boot(KernelVersion.V7_2);
        VirtualFile file = cachedFile(machine);
        machine.run(task -> machine.syscalls.mmap(task, 0, PAGES * PAGE, PROT_RW, MAP_SHARED | MAP_POPULATE, file, 0));
        assertThat(faults.kinds()).isEmpty();
        assertThat(machine.memory.folios().has(file.frame(0), FolioTable.DIRTY)).isFalse();
        assertThat(machine.mm.residentPages()).isEqualTo(PAGES);
    }

    /// `do_sync_mmap_readahead`: reclaim for the pages to be read does not make anyone wait for the fault's lock either.
    @Test
    void theFaultsLockIsLetGoBeforeMemoryIsFoundForARead() {
        Machine machine = boot(KernelVersion.V7_2);
        VirtualFile file = file(machine);
        List<Boolean> begunWhenReleased = new ArrayList<>();
        machine.attach(new TraceListener() {
            @Override
            public void lockReleased(long now, TracedLock lock, TracedTask task, LockMode mode) {
                if (lock.lockClass() == LockClass.VMA_LOCK && mode == LockMode.READ) {
                    begunWhenReleased.add(file.frame(0) != FolioTable.NO_FRAME);
                }
            }
        });
        machine.run(task -> machine.syscalls.memory().read(task, map(machine, task, file, PROT_READ, MAP_PRIVATE), 1));
        assertThat(begunWhenReleased.getFirst()).isFalse();
    }

    /// RELRO: every library's first private page. `do_wp_page`, 6.6; `vmf_anon_prepare` since 6.10.
    @Test
    void theFirstCopyInAFileMappingRetriesUnderMmapLockBefore610() {
        assertThat(pathsOfFirstCopies(KernelVersion.V6_6)).containsExactly(FaultPath.VMA_LOCK, FaultPath.MMAP_LOCK_AFTER_RETRY,
                FaultPath.VMA_LOCK);
        assertThat(pathsOfFirstCopies(KernelVersion.V6_12)).containsExactly(FaultPath.VMA_LOCK, FaultPath.VMA_LOCK, FaultPath.VMA_LOCK);
    }

    /// Of a read, of the first write, and of another one.
    private List<FaultPath> pathsOfFirstCopies(KernelVersion version) {
        FaultLog log = new FaultLog();
        Machine machine = boot(version);
        machine.attach(log);
        VirtualFile file = cachedFile(machine);
        machine.run(task -> {
            long data = map(machine, task, file, PROT_RW, MAP_PRIVATE);
            machine.syscalls.memory().read(task, data, 1);
            machine.syscalls.memory().write(task, data, 1);
            machine.syscalls.memory().write(task, data + PAGE, 1);
        });
        return log.paths();
    }

    /// `__folio_lock_killable` in `lock_folio_maybe_drop_mmap`: an exclusive wait, of which an unlock ends one.
    @Test
    void whoWaitsForOneReadIsWokenOneByOne() {
        Machine machine = boot(KernelVersion.V7_2);
        VirtualFile file = file(machine);
        long[] text = new long[1];
        machine.run(task -> text[0] = map(machine, task, file, PROT_READ, MAP_PRIVATE));
        LockLog locks = new LockLog();
        machine.attach(locks);
        for (int cpu = 0; cpu < 3; cpu++) {
            machine.spawnOn(cpu, "reader", 0, task -> machine.syscalls.memory().read(task, text[0], 1));
        }
        machine.run();
        assertThat(locks.taken()).filteredOn("folio_lock write"::equals).hasSize(3);
    }

    @Test
    void twoWhoWantTheSamePageWaitForOneRead() {
        Machine machine = boot(KernelVersion.V7_2);
        VirtualFile file = file(machine);
        long[] text = new long[1];
        machine.run(task -> text[0] = map(machine, task, file, PROT_READ, MAP_PRIVATE));
        for (int cpu = 0; cpu < 2; cpu++) {
            machine.spawnOn(cpu, "reader", 0, task -> machine.syscalls.memory().read(task, text[0] + 100 * PAGE, 1));
        }
        machine.run();
        assertThat(machine.memory.vmstat().get(VmStat.Item.PGMAJFAULT)).isEqualTo(1);
        assertThat(machine.memory.pageCache().device().inFlight()).isZero();
    }

    @Test
    void aMissingPageBringsItsNeighboursUnlessMadvisedRandom() {
        Machine machine = boot(KernelVersion.V7_2);
        VirtualFile file = file(machine);
        machine.run(task -> {
            long text = map(machine, task, file, PROT_READ, MAP_PRIVATE);
            machine.syscalls.memory().read(task, text + 100 * PAGE, 1);
            assertThat(file.frame(100 - 16)).isNotEqualTo(FolioTable.NO_FRAME);
            assertThat(file.frame(100 + 15)).isNotEqualTo(FolioTable.NO_FRAME);
            assertThat(file.frame(100 + 16)).isEqualTo(FolioTable.NO_FRAME);
            machine.syscalls.madvise(task, text, PAGES * PAGE, MADV_RANDOM);
            machine.syscalls.memory().read(task, text + 200 * PAGE, 1);
            assertThat(file.frame(201)).isEqualTo(FolioTable.NO_FRAME);
        });
    }

    @Test
    void kernel66LeavesFaultsThatMustAskTheFileToMmapLock() {
        Machine machine = boot(KernelVersion.V6_6);
        VirtualFile file = cachedFile(machine);
        machine.run(task -> {
            long data = map(machine, task, file, PROT_RW, MAP_PRIVATE);
            machine.syscalls.memory().read(task, data, 1);
            machine.syscalls.memory().write(task, data + 100 * PAGE, 1);
        });
        assertThat(faults.paths()).containsExactly(FaultPath.VMA_LOCK, FaultPath.MMAP_LOCK_AFTER_RETRY);
    }

    @Test
    void aPrivateWriteCopiesAndLeavesTheFilesPageAlone() {
        Machine machine = boot(KernelVersion.V7_2);
        VirtualFile file = cachedFile(machine);
        machine.run(task -> {
            long data = map(machine, task, file, PROT_RW, MAP_PRIVATE);
            machine.syscalls.memory().write(task, data, 1);
            machine.syscalls.memory().read(task, data + 100 * PAGE, 1);
            machine.syscalls.memory().write(task, data + 100 * PAGE, 1);
        });
        assertThat(faults.kinds()).containsExactly(FaultKind.COW, FaultKind.FILE, FaultKind.COW);
        assertThat(machine.memory.folios().mapcount(file.frame(0))).isZero();
        assertThat(machine.memory.folios().mapcount(file.frame(100))).isZero();
    }

    @Test
    void aSharedWriteReachesTheFilesOwnPage() {
        Machine machine = boot(KernelVersion.V7_2);
        VirtualFile file = cachedFile(machine);
        machine.run(task -> {
            long data = map(machine, task, file, PROT_RW, MAP_SHARED);
            machine.syscalls.memory().write(task, data, 1);
            machine.syscalls.memory().read(task, data + 100 * PAGE, 1);
            machine.syscalls.memory().write(task, data + 100 * PAGE, 1);
            assertThat(machine.syscalls.munmap(task, data, PAGES * PAGE)).isZero();
        });
        assertThat(faults.kinds()).containsExactly(FaultKind.FILE, FaultKind.FILE, FaultKind.REUSE);
        assertThat(machine.memory.folios().has(file.frame(0), FolioTable.DIRTY)).isTrue();
        assertThat(machine.memory.folios().has(file.frame(1), FolioTable.DIRTY)).isFalse();
    }

    /// Found on a real 6.18 by `conform`: only private memory needs pages of its own (`mprotect_fixup`).
    @Test
    void lockedSharedMemoryThatBecomesWritableIsNotFaultedIn() {
        Machine machine = boot(KernelVersion.V7_2);
        VirtualFile file = cachedFile(machine);
        machine.run(task -> {
            long data = map(machine, task, file, PROT_READ, MAP_SHARED);
            machine.syscalls.munmap(task, data + 2 * PAGE, PAGE);
            // A hole: what precedes it is locked, but not faulted in.
            assertThat(machine.syscalls.mlock(task, data + PAGE, 2 * PAGE)).isEqualTo(-Errno.ENOMEM);
            assertThat(machine.syscalls.mprotect(task, data + PAGE, PAGE, PROT_RW)).isZero();
            assertThat(machine.mm.residentPages()).isZero();
        });
    }

    @Test
    void pagesOfFilesSurviveDontneedInMemory() {
        Machine machine = boot(KernelVersion.V7_2);
        VirtualFile file = cachedFile(machine);
        machine.run(task -> {
            long text = map(machine, task, file, PROT_READ, MAP_PRIVATE);
            machine.syscalls.memory().read(task, text, 16 * PAGE);
            assertThat(machine.syscalls.madvise(task, text, PAGES * PAGE, MADV_DONTNEED)).isZero();
            assertThat(machine.mm.residentPages()).isZero();
            machine.syscalls.memory().read(task, text, 1);
        });
        assertThat(machine.memory.vmstat().get(VmStat.Item.PGMAJFAULT)).isZero();
    }

    @Test
    void willneedReadsAheadWithoutMapping() {
        Machine machine = boot(KernelVersion.V7_2);
        VirtualFile file = file(machine);
        machine.run(task -> {
            long text = map(machine, task, file, PROT_READ, MAP_PRIVATE);
            assertThat(machine.syscalls.madvise(task, text, PAGES * PAGE, MADV_WILLNEED)).isZero();
            task.sleepUntil(task.now() + 100_000_000);
            machine.syscalls.memory().read(task, text, PAGES * PAGE);
        });
        assertThat(machine.memory.vmstat().get(VmStat.Item.PGMAJFAULT)).isZero();
        assertThat(faults.kinds()).hasSize(PAGES / 16);
    }

    @Test
    void beyondTheEndOfTheFileIsABusError() {
        Machine machine = boot(KernelVersion.V7_2);
        VirtualFile file = cachedFile(machine);
        machine.run(task -> {
            long text = machine.syscalls.mmap(task, 0, 2 * PAGE, PROT_READ, MAP_PRIVATE, file, (PAGES - 1) * PAGE);
            machine.syscalls.memory().read(task, text, PAGE);
            assertThatThrownBy(() -> machine.syscalls.memory().read(task, text + PAGE, 1)).isInstanceOf(BusError.class);
        });
    }

    @Test
    void mappingsMergeOnlyWithinOneFileAtOneOffset() {
        Machine machine = boot(KernelVersion.V7_2);
        VirtualFile file = cachedFile(machine);
        VirtualFile other = cachedFile(machine);
        machine.run(task -> {
            long at = 0x1000_0000_0000L;
            int fixed = MAP_PRIVATE | MAP_FIXED;
            machine.syscalls.mmap(task, at, 4 * PAGE, PROT_READ, fixed, file, 0);
            machine.syscalls.mmap(task, at + 4 * PAGE, 4 * PAGE, PROT_READ, fixed, file, 4 * PAGE);
            assertThat(machine.mm.mapCount()).isEqualTo(1);
            machine.syscalls.mmap(task, at + 8 * PAGE, 4 * PAGE, PROT_READ, fixed, file, 0);
            machine.syscalls.mmap(task, at + 12 * PAGE, 4 * PAGE, PROT_READ, fixed, other, 4 * PAGE);
            machine.syscalls.mmap(task, at + 16 * PAGE, 4 * PAGE, PROT_READ, fixed | MAP_ANONYMOUS, null, 0);
            assertThat(machine.mm.mapCount()).isEqualTo(4);
            assertThat(machine.syscalls.munmap(task, at + 2 * PAGE, PAGE)).isZero();
            assertThat(file.mappings()).hasSize(3);
        });
    }

    @Test
    void fileMappingsErrorsComeInLinuxOrder() {
        Machine machine = boot(KernelVersion.V7_2);
        VirtualFile file = cachedFile(machine);
        machine.run(task -> {
            assertThat(machine.syscalls.mmap(task, 0, 0, PROT_READ, MAP_PRIVATE, null, 1)).isEqualTo(-Errno.EINVAL);
            assertThat(machine.syscalls.mmap(task, 0, 0, PROT_READ, MAP_PRIVATE, null, 0)).isEqualTo(-Errno.EBADF);
            assertThat(machine.syscalls.mmap(task, 0, 0, PROT_READ, MAP_PRIVATE, file, 0)).isEqualTo(-Errno.EINVAL);
            assertThat(machine.syscalls.mmap(task, 0, PAGE, PROT_READ, 0, file, 0)).isEqualTo(-Errno.EINVAL);
            long text = map(machine, task, file, PROT_READ, MAP_PRIVATE);
            assertThat(machine.syscalls.madvise(task, text, PAGE, MADV_FREE)).isEqualTo(-Errno.EINVAL);
            assertThat(machine.syscalls.madvise(task, text, PAGE, MADV_REMOVE)).isEqualTo(-Errno.EACCES);
        });
    }
}
