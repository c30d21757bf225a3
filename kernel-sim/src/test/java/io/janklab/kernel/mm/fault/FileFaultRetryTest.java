package io.janklab.kernel.mm.fault;

import static io.janklab.kernel.uapi.Mman.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.FaultLog;
import io.janklab.kernel.mm.LockLog;
import io.janklab.kernel.mm.page.FolioTable;
import io.janklab.kernel.mm.page.VmStat;
import io.janklab.kernel.mm.space.VirtualFile;
import io.janklab.kernel.trace.FaultPath;
import io.janklab.kernel.trace.LockClass;
import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.TraceListener;
import io.janklab.kernel.trace.TracedLock;
import io.janklab.kernel.trace.TracedTask;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Who holds which lock while a page of a file is read, and how the fault is retried.
class FileFaultRetryTest extends FileFixture {
    @Test
    void aMissingPageIsReadWithoutTheVmaLockAndRetriedUnderMmapLock() {
        Machine machine = boot(KernelVersion.V7_2);
        readOnce(machine);
        assertThat(faults.paths()).containsExactly(FaultPath.MMAP_LOCK_AFTER_RETRY);
        assertThat(machine.memory.vmstat().get(VmStat.Item.PGMAJFAULT)).isEqualTo(1);
    }

    @Test
    void withRetryUnderTheVmaLockMmapLockIsNeverTaken() {
        Machine machine = boot(KernelProfile.of(KernelVersion.V7_2, Architecture.ARM64).with(Switch.FAULT_RETRY, SwitchValue.VMA));
        readOnce(machine);
        assertThat(faults.paths()).containsExactly(FaultPath.VMA_LOCK);
    }

    @Test
    void aPolicyMayRetryUnderTheVmaLockAsWell() {
        Machine machine = boot(KernelProfile.of(KernelVersion.V7_2, Architecture.ARM64)
                .with(Switch.RWSEM_POLICY, SwitchValue.RETRY_UNDER_VMA_LOCK));
        readOnce(machine);
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
        long text = mapToRead(machine, file);
        for (int cpu = 0; cpu < 3; cpu++) {
            machine.spawnOn(cpu, "reader", 0, task -> machine.syscalls.memory().read(task, text, 1));
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

    private List<FaultPath> pathsOfFirstCopies(KernelVersion version) {
        return pathsOfReadAndWrites(version, MAP_PRIVATE, 1);
    }

    /// Of a read of a file mapping's first page, of a write to it, and of one to the page that lies so many `further`.
    private List<FaultPath> pathsOfReadAndWrites(KernelVersion version, int flags, int further) {
        FaultLog log = new FaultLog();
        Machine machine = boot(version);
        machine.attach(log);
        VirtualFile file = cachedFile(machine);
        machine.run(task -> {
            long data = map(machine, task, file, PROT_RW, flags);
            machine.syscalls.memory().read(task, data, 1);
            machine.syscalls.memory().write(task, data, 1);
            machine.syscalls.memory().write(task, data + further * PAGE, 1);
        });
        return log.paths();
    }

    /// `__folio_lock_killable` in `lock_folio_maybe_drop_mmap`: an exclusive wait, of which an unlock ends one.
    @Test
    void whoWaitsForOneReadIsWokenOneByOne() {
        Machine machine = boot(KernelVersion.V7_2);
        VirtualFile file = file(machine);
        long text = mapToRead(machine, file);
        LockLog locks = new LockLog();
        machine.attach(locks);
        for (int cpu = 0; cpu < 3; cpu++) {
            machine.spawnOn(cpu, "reader", 0, task -> machine.syscalls.memory().read(task, text, 1));
        }
        machine.run();
        assertThat(locks.taken()).filteredOn("folio_lock write"::equals).hasSize(3);
    }

    @Test
    void twoWhoWantTheSamePageWaitForOneRead() {
        Machine machine = boot(KernelVersion.V7_2);
        VirtualFile file = file(machine);
        long text = mapToRead(machine, file);
        for (int cpu = 0; cpu < 2; cpu++) {
            machine.spawnOn(cpu, "reader", 0, task -> machine.syscalls.memory().read(task, text + 100 * PAGE, 1));
        }
        machine.run();
        assertThat(machine.memory.vmstat().get(VmStat.Item.PGMAJFAULT)).isEqualTo(1);
        assertThat(machine.memory.pageCache().device().inFlight()).isZero();
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

    /// `wp_page_shared` with a `page_mkwrite`, `do_shared_fault`: 6.6 leaves both to mmap_lock.
    @Test
    void aWriteToASharedFileAsksTheFileUnderMmapLockOn66() {
        assertThat(pathsOfSharedWrites(KernelVersion.V6_6)).containsExactly(FaultPath.VMA_LOCK, FaultPath.MMAP_LOCK_AFTER_RETRY,
                FaultPath.MMAP_LOCK_AFTER_RETRY);
        assertThat(pathsOfSharedWrites(KernelVersion.V6_12)).containsOnly(FaultPath.VMA_LOCK);
    }

    private List<FaultPath> pathsOfSharedWrites(KernelVersion version) {
        return pathsOfReadAndWrites(version, MAP_SHARED, 100);
    }
}
