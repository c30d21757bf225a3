package io.janklab.kernel.mm.reclaim;

import static io.janklab.kernel.uapi.Mman.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.janklab.kernel.check.KernelFixture;
import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.page.FolioTable;
import io.janklab.kernel.mm.page.VmStat;
import io.janklab.kernel.mm.table.Pte;
import io.janklab.kernel.syscall.OutOfMemoryKill;
import io.janklab.kernel.uapi.Errno;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Memory pressure on a machine of 512 pages: lazyfree pages are dropped, rewritten ones stay, and then memory runs out.
class ReclaimTest {
    private static final long PAGE = Addresses.PAGE_SIZE;
    private static final int ANON_FIXED = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
    private static final long HEAP = 0x5000_0000_0000L;
    private static final long HOG = 0x6000_0000_0000L;
    private static final int MEMORY_PAGES = 512;
    private static final int FREED = 200;

    @RegisterExtension
    final KernelFixture kernel = new KernelFixture();

    private Machine machine;

    @BeforeEach
    void boot() {
        Hardware small = Hardware.symmetric(Architecture.ARM64, 2, MEMORY_PAGES * PAGE);
        machine = kernel.boot(1, small, KernelProfile.of(KernelVersion.V6_17, Architecture.ARM64));
        machine.memory.keepContents();
    }

    /// Fills 200 pages, frees them lazily, rewrites every fourth.
    private void freeAndRewrite(Task task) {
        machine.syscalls.mmap(task, HEAP, FREED * PAGE, PROT_RW, ANON_FIXED);
        for (int i = 0; i < FREED; i++) {
            machine.syscalls.memory().store(task, HEAP + i * PAGE, i + 1);
        }
        machine.syscalls.madvise(task, HEAP, FREED * PAGE, MADV_FREE);
        for (int i = 0; i < FREED; i += 4) {
            machine.syscalls.memory().store(task, HEAP + i * PAGE, 1000 + i);
        }
        machine.memory.batches().drainAll();
    }

    private void hog(Task task, int pages) {
        machine.syscalls.mmap(task, HOG, pages * PAGE, PROT_RW, ANON_FIXED);
        machine.syscalls.memory().write(task, HOG, pages * PAGE);
    }

    @Test
    void rewrittenPagesSurvivePressureAndUntouchedOnesAreDropped() {
        machine.run(task -> {
            freeAndRewrite(task);
            hog(task, 350);
            int dropped = 0;
            for (int i = 0; i < FREED; i++) {
                long stamp = machine.syscalls.memory().load(task, HEAP + i * PAGE);
                if (i % 4 == 0) {
                    assertThat(stamp).as("rewritten page %d", i).isEqualTo(1000 + i);
                } else {
                    assertThat(stamp).as("page %d is old or zero", i).isIn(0L, i + 1L);
                    dropped += stamp == 0 ? 1 : 0;
                }
            }
            assertThat(dropped).isPositive();
            assertThat(machine.memory.vmstat().get(VmStat.Item.PGLAZYFREED)).isEqualTo(dropped);
        });
    }

    @Test
    void nothingIsDroppedWhileMemoryIsPlentiful() {
        machine.run(task -> {
            freeAndRewrite(task);
            hog(task, 50);
        });
        assertThat(machine.memory.vmstat().get(VmStat.Item.PGLAZYFREED)).isZero();
        assertThat(machine.mm.residentPages()).isEqualTo(FREED + 50);
    }

    @Test
    void kswapdReclaimsToTheHighWatermarkBeforeAnybodyMustWait() {
        machine.run(task -> {
            freeAndRewrite(task);
            int pages = machine.memory.frames().free() - machine.memory.watermarks().low() + 1;
            hog(task, pages);
            task.sleepUntil(task.now() + 10_000_000);
        });
        assertThat(machine.memory.frames().free()).isGreaterThanOrEqualTo(machine.memory.watermarks().high());
    }

    @Test
    void lockedFolioIsLeftAlone() {
        machine.run(task -> {
            freeAndRewrite(task);
            int frame = machine.mm.frameAt(HEAP + PAGE);
            machine.memory.folios().testAndSetLocked(frame);
            hog(task, 350);
            machine.memory.folios().clearLocked(frame);
            assertThat(machine.mm.frameAt(HEAP + PAGE)).isEqualTo(frame);
        });
    }

    @Test
    void whenNothingCanBeReclaimedUserFaultsAreKilledAndKernelFaultsFail() {
        machine.run(task -> {
            machine.syscalls.mmap(task, HOG, MEMORY_PAGES * PAGE, PROT_RW, ANON_FIXED);
            assertThatThrownBy(() -> machine.syscalls.memory().write(task, HOG, MEMORY_PAGES * PAGE)).isInstanceOf(OutOfMemoryKill.class);
            assertThat(machine.memory.frames().free()).isEqualTo(machine.memory.watermarks().min());
            long untouched = HOG + (MEMORY_PAGES - 1) * PAGE;
            assertThat(machine.syscalls.copyToUser(task, untouched, 1)).isEqualTo(-Errno.EFAULT);
            assertThat(machine.syscalls.madvise(task, untouched, PAGE, MADV_POPULATE_WRITE)).isEqualTo(-Errno.ENOMEM);
        });
    }

    /// `try_to_unmap_one`: before 6.15 pages that could not be dropped needed swap again, written to or not.
    @ParameterizedTest
    @CsvSource({"V6_14, false", "V6_17, true"})
    void aLazyfreePageThatSomebodyRefersToStaysGivenUpSince615(KernelVersion version, boolean lazyfree) {
        Machine other = kernel.boot(version);
        other.run(task -> {
            other.syscalls.mmap(task, HEAP, PAGE, PROT_RW, ANON_FIXED);
            other.syscalls.memory().write(task, HEAP, PAGE);
            other.memory.batches().drainAll();
            other.syscalls.madvise(task, HEAP, PAGE, MADV_FREE);
            int frame = other.mm.frameAt(HEAP);
            other.memory.folios().get(frame);
            other.kernel.addressSpaces().reclaim(task, 1);
            assertThat(other.memory.folios().isLazyfree(frame)).isEqualTo(lazyfree);
            assertThat(other.mm.frameAt(HEAP)).isEqualTo(frame);
            other.memory.batches().put(frame);
        });
    }

    /// The price of UFFDIO_MOVE for all since 6.19: a walk that cannot take the folio's lock skips the folio, so that its accessed bits
    /// stay. Where the anon_vma says so, processes that never move pages do not pay it.
    @ParameterizedTest
    @CsvSource({"anon-vma, 0, false", "folio, 1, true", "marked, 0, false"})
    void agingPassesOverAFolioThatIsLockedWhereItNeedsItsLock(String rmap, int busy, boolean stillYoung) {
        Machine other = kernel.boot(KernelProfile.of(KernelVersion.V7_2, Architecture.ARM64).with(Switch.UFFD_MOVE_RMAP, rmap),
                Architecture.ARM64);
        other.memory.swapOn(1 << 20, 2);
        other.run(task -> {
            other.syscalls.mmap(task, HEAP, PAGE, PROT_RW, ANON_FIXED);
            other.syscalls.memory().write(task, HEAP, PAGE);
            other.memory.batches().drainAll();
            int frame = other.mm.frameAt(HEAP);
            activate(other, frame);
            assertThat(other.memory.folioLocks().trylock(task, frame)).isTrue();
            other.kernel.addressSpaces().reclaim(task, 1);
            other.memory.folioLocks().unlock(task, frame);
            assertThat(other.memory.vmstat().get(VmStat.Item.RMAP_FOLIO_BUSY)).isEqualTo(busy);
            assertThat(Pte.has(other.mm.ptes().peek(HEAP), Pte.YOUNG)).isEqualTo(stillYoung);
        });
    }

    private static void activate(Machine machine, int frame) {
        machine.memory.lru().lock();
        machine.memory.lru().remove(frame);
        machine.memory.folios().set(frame, FolioTable.ACTIVE);
        machine.memory.lru().add(frame);
        machine.memory.lru().unlock();
    }
}
