package io.janklab.kernel.mm.fault;

import static io.janklab.kernel.uapi.Mman.*;
import static io.janklab.kernel.uapi.Uffd.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.check.KernelFixture;
import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.FaultLog;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.page.Lru;
import io.janklab.kernel.mm.page.VmStat;
import io.janklab.kernel.mm.page.Zram;
import io.janklab.kernel.mm.reclaim.Rmap;
import io.janklab.kernel.mm.reclaim.ShrinkFolios;
import io.janklab.kernel.mm.space.AnonVma;
import io.janklab.kernel.syscall.UserfaultFd;
import io.janklab.kernel.trace.FaultKind;
import io.janklab.kernel.trace.FaultPath;
import io.janklab.kernel.uapi.Errno;
import java.util.Arrays;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Swap to zram: what goes out, how it comes back, and what references remain (reference §5, §7, §8; `mm/memory.c` do_swap_page).
class SwapTest {
    private static final long PAGE = Addresses.PAGE_SIZE;
    private static final int ANON_FIXED = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
    private static final long HEAP = 0x5000_0000_0000L;
    private static final int PAGES = 64;
    private static final long SETTLED = 10_000_000;

    @RegisterExtension
    final KernelFixture kernel = new KernelFixture();

    private final FaultLog faults = new FaultLog();
    private Machine machine;

    /// Runs on a heap of 64 pages that hold stamps 1, 2, 3 …; swap takes 1,000 pages.
    private void run(KernelProfile profile, int memoryPages, BiConsumer<Task, Machine> body) {
        machine = kernel.boot(1, Hardware.symmetric(Architecture.ARM64, 4, memoryPages * PAGE), profile);
        machine.memory.keepContents();
        machine.memory.swapOn(1000 * PAGE, Zram.DEFAULT_RATIO);
        machine.run(task -> {
            machine.syscalls.mmap(task, HEAP, PAGES * PAGE, PROT_RW, ANON_FIXED);
            for (int i = 0; i < PAGES; i++) {
                store(task, i, i + 1);
            }
            machine.memory.batches().drainAll();
            machine.attach(faults);
            body.accept(task, machine);
        });
    }

    private void run(BiConsumer<Task, Machine> body) {
        run(profile(), 4096, body);
    }

    private static KernelProfile profile() {
        return KernelProfile.of(KernelVersion.V6_17, Architecture.ARM64);
    }

    private void store(Task task, int page, long stamp) {
        machine.syscalls.memory().store(task, HEAP + page * PAGE, stamp);
    }

    private long load(Task task, int page) {
        return machine.syscalls.memory().load(task, HEAP + page * PAGE);
    }

    private void pageout(Task task, int page, int pages) {
        assertThat(machine.syscalls.madvise(task, HEAP + page * PAGE, pages * PAGE, MADV_PAGEOUT)).isZero();
    }

    private long count(VmStat.Item item) {
        return machine.memory.vmstat().get(item);
    }

    @Test
    void reclaimPassesOverFoliosThatWaitInALazyfreeBatch() {
        run((task, m) -> {
            m.syscalls.madvise(task, HEAP, 10 * PAGE, MADV_FREE);
            ShrinkFolios shrink = new ShrinkFolios(m.memory);
            int[] frames = new int[PAGES];
            int isolated = shrink.isolate(Lru.INACTIVE_ANON, frames, PAGES);
            assertThat(isolated).isEqualTo(PAGES - 10);
            for (int i = 0; i < isolated; i++) {
                m.memory.batches().putBack(frames[i]);
            }
        });
    }

    @Test
    void pagedOutPagesComeBackAsTheyWereByMajorFaults() {
        run((task, m) -> {
            pageout(task, 0, PAGES);
            assertThat(m.mm.residentPages()).isZero();
            assertThat(m.mm.swappedPages()).isEqualTo(PAGES);
            for (int i = 0; i < PAGES; i++) {
                assertThat(load(task, i)).isEqualTo(i + 1);
            }
            assertThat(m.mm.swappedPages()).isZero();
            assertThat(m.memory.swap().used()).isZero();
        });
        assertThat(faults.kinds()).hasSize(PAGES).containsOnly(FaultKind.SWAP_IN);
        assertThat(count(VmStat.Item.PGMAJFAULT)).isEqualTo(PAGES);
        assertThat(count(VmStat.Item.PSWPOUT)).isEqualTo(PAGES);
    }

    @Test
    void compressedPagesTakeMemoryThemselves() {
        run((task, m) -> {
            int before = m.memory.frames().allocated();
            pageout(task, 0, PAGES);
            int pool = m.memory.swap().device().poolFrames();
            assertThat(pool).isEqualTo((int) Math.ceil(PAGES / Zram.DEFAULT_RATIO));
            assertThat(m.memory.frames().allocated()).isEqualTo(before - PAGES + pool);
        });
    }

    @Test
    void pageoutWithoutSwapLeavesAnonymousMemoryWhereItIs() {
        machine = kernel.boot(KernelVersion.V6_17);
        machine.run(task -> {
            machine.syscalls.mmap(task, HEAP, 4 * PAGE, PROT_RW, ANON_FIXED);
            machine.syscalls.memory().write(task, HEAP, 4 * PAGE);
            machine.memory.batches().drainAll();
            pageout(task, 0, 4);
            assertThat(machine.mm.residentPages()).isEqualTo(4);
        });
    }

    @Test
    void swapFaultsStayUnderTheVmaLockSince66() {
        run((task, m) -> {
            pageout(task, 0, 1);
            load(task, 0);
        });
        assertThat(faults.paths()).containsExactly(FaultPath.VMA_LOCK);
    }

    @Test
    void swapFaultsWereRetriedUnderMmapLockBefore66() {
        run(profile().with(Switch.FAULT_VMA_LOCK, SwitchValue.ANON), 4096, (task, m) -> {
            pageout(task, 0, 1);
            load(task, 0);
        });
        assertThat(faults.paths()).containsExactly(FaultPath.MMAP_LOCK_AFTER_RETRY);
    }

    @Test
    void writeToASwappedPageNeedsOneFaultOnly() {
        run((task, m) -> {
            pageout(task, 3, 1);
            store(task, 3, 99);
            pageout(task, 3, 1);
            assertThat(load(task, 3)).isEqualTo(99);
        });
        assertThat(faults.kinds()).containsExactly(FaultKind.SWAP_IN, FaultKind.SWAP_IN);
    }

    /// The second fault finds the folio locked, waits for it without VMA lock or mmap_lock, and retries.
    @Test
    void twoFaultsOnOnePageReadItOnce() {
        run((task, m) -> {
            pageout(task, 0, 1);
            long start = task.now() + SETTLED;
            for (int i = 0; i < 3; i++) {
                int delay = i / 2 * 1_000;
                m.spawnOn(i, "reader" + i, 0, self -> {
                    self.sleepUntil(start + delay);
                    assertThat(load(self, 0)).isEqualTo(1);
                });
            }
            task.sleepUntil(start + SETTLED);
            assertThat(count(VmStat.Item.PGMAJFAULT)).isEqualTo(1);
        });
        assertThat(faults.paths()).contains(FaultPath.VMA_LOCK, FaultPath.MMAP_LOCK_AFTER_RETRY);
    }

    @Test
    void willneedReadsSwappedPagesIntoTheSwapCacheSoThatFaultsAreMinor() {
        run((task, m) -> {
            pageout(task, 0, 8);
            assertThat(m.syscalls.madvise(task, HEAP, 8 * PAGE, MADV_WILLNEED)).isZero();
            assertThat(m.mm.residentPages()).isEqualTo(PAGES - 8);
            for (int i = 0; i < 8; i++) {
                assertThat(load(task, i)).isEqualTo(i + 1);
            }
        });
        assertThat(count(VmStat.Item.PSWPIN)).isEqualTo(8);
        assertThat(count(VmStat.Item.PGMAJFAULT)).isZero();
    }

    @Test
    void dontneedFreeAndMunmapGiveSlotsBackWithoutReadingThem() {
        run((task, m) -> {
            pageout(task, 0, PAGES);
            m.syscalls.madvise(task, HEAP, 10 * PAGE, MADV_DONTNEED);
            m.syscalls.madvise(task, HEAP + 10 * PAGE, 10 * PAGE, MADV_FREE);
            assertThat(m.mm.swappedPages()).isEqualTo(PAGES - 20);
            assertThat(m.memory.swap().used()).isEqualTo(PAGES - 20);
            assertThat(load(task, 5)).isZero();
            assertThat(load(task, 15)).isZero();
            m.syscalls.munmap(task, HEAP, PAGES * PAGE);
            assertThat(m.memory.swap().used()).isZero();
            assertThat(m.memory.swap().device().poolFrames()).isZero();
        });
        assertThat(count(VmStat.Item.PGMAJFAULT)).isZero();
    }

    @Test
    void mprotectLeavesSwappedPagesInSwap() {
        run((task, m) -> {
            pageout(task, 0, 4);
            m.syscalls.mprotect(task, HEAP, 4 * PAGE, PROT_READ);
            assertThat(load(task, 1)).isEqualTo(2);
            m.syscalls.mprotect(task, HEAP, 4 * PAGE, PROT_RW);
            store(task, 2, 7);
            assertThat(load(task, 2)).isEqualTo(7);
        });
    }

    @Test
    void forkSharesSwappedPagesWhichAreThenCopiedOnWrite() {
        run((task, m) -> {
            pageout(task, 0, 2);
            m.process.fork(task, "child", (child, self) -> {
                child.syscalls().memory().write(self, HEAP, 1);
                child.syscalls().memory().read(self, HEAP + PAGE, 1);
                self.sleepUntil(self.now() + SETTLED);
            });
            assertThat(m.memory.swap().used()).isEqualTo(2);
            store(task, 0, 50);
            assertThat(load(task, 0)).isEqualTo(50);
            assertThat(load(task, 1)).isEqualTo(2);
            task.sleepUntil(task.now() + 2 * SETTLED);
        });
    }

    @Test
    void pageSharedWithAChildIsNotPagedOut() {
        run((task, m) -> {
            m.process.fork(task, "child", (child, self) -> self.sleepUntil(self.now() + SETTLED));
            pageout(task, 0, PAGES);
            assertThat(m.mm.swappedPages()).isZero();
            task.sleepUntil(task.now() + 2 * SETTLED);
        });
    }

    @Test
    void moreThanMemoryFitsWithSwap() {
        run(profile(), 512, (task, m) -> {
            long hog = 0x6000_0000_0000L;
            m.syscalls.mmap(task, hog, 600 * PAGE, PROT_RW, ANON_FIXED);
            for (int i = 0; i < 600; i++) {
                m.syscalls.memory().store(task, hog + i * PAGE, 1000 + i);
            }
            assertThat(m.mm.swappedPages()).isPositive();
            for (int i = 0; i < 600; i++) {
                assertThat(m.syscalls.memory().load(task, hog + i * PAGE)).isEqualTo(1000 + i);
            }
            for (int i = 0; i < PAGES; i++) {
                assertThat(load(task, i)).isEqualTo(i + 1);
            }
        });
    }

    @Test
    void pagesInUseSurviveWhileIdleOnesAreSwappedOut() {
        run(profile(), 512, (task, m) -> {
            long hog = 0x6000_0000_0000L;
            m.syscalls.mmap(task, hog, 600 * PAGE, PROT_RW, ANON_FIXED);
            for (int i = 0; i < 600; i++) {
                m.syscalls.memory().store(task, hog + i * PAGE, i);
                for (int page = 0; page < 8; page++) {
                    load(task, page);
                }
            }
            long majorFaultsOfHotPages = count(VmStat.Item.PGMAJFAULT);
            assertThat(majorFaultsOfHotPages).as("of 8 hot pages, read 4,800 times").isLessThan(8);
            assertThat(count(VmStat.Item.PGACTIVATE)).isPositive();
        });
    }

    @Test
    void whenSwapIsFullMemoryIsOut() {
        machine = kernel.boot(1, Hardware.symmetric(Architecture.ARM64, 2, 512 * PAGE), profile());
        machine.memory.swapOn(100 * PAGE, Zram.DEFAULT_RATIO);
        machine.run(task -> {
            machine.syscalls.mmap(task, HEAP, 1000 * PAGE, PROT_RW, ANON_FIXED);
            assertThat(machine.syscalls.madvise(task, HEAP, 1000 * PAGE, MADV_POPULATE_WRITE)).isEqualTo(-Errno.ENOMEM);
            assertThat(machine.mm.swappedPages()).isEqualTo(100);
        });
    }

    @Test
    void folioThatWaitsInALazyfreeBatchIsNotIsolated() {
        run((task, m) -> {
            int frame = m.mm.frameAt(HEAP);
            m.syscalls.madvise(task, HEAP, PAGE, MADV_FREE);
            int[] isolated = new int[PAGES];
            ShrinkFolios folios = new ShrinkFolios(m.memory);
            int count = folios.isolate(Lru.INACTIVE_ANON, isolated, PAGES);
            assertThat(Arrays.stream(isolated, 0, count)).hasSize(PAGES - 1).doesNotContain(frame);
            Arrays.stream(isolated, 0, count).forEach(m.memory.batches()::putBack);
        });
    }

    @Test
    void reverseMapWalkGivesUpWhileTheAnonVmaIsWritten() {
        run((task, m) -> {
            Rmap rmap = new Rmap(m.memory);
            int frame = m.mm.frameAt(HEAP);
            AnonVma anonVma = m.mm.vmas().lookup(HEAP).anonVma();
            assertThat(rmap.referenced(task, frame, false, new Rmap.References())).isEqualTo(1);
            assertThat(rmap.referenced(task, frame, false, new Rmap.References())).as("forgotten by the first look").isZero();
            anonVma.rwsem().downWrite(task);
            assertThat(rmap.referenced(task, frame, false, new Rmap.References())).isEqualTo(Rmap.CONTENDED);
            anonVma.rwsem().upWrite(task);
        });
    }

    @Test
    void lockedFolioCountsAsReferencedSince619AndIsWalkedAllTheSameBefore() {
        for (String rmapSwitch : new String[] {"anon-vma", "folio"}) {
            run(profile().with(Switch.UFFD_MOVE_RMAP, rmapSwitch), 4096, (task, m) -> {
                Rmap rmap = new Rmap(m.memory);
                int frame = m.mm.frameAt(HEAP);
                rmap.referenced(task, frame, false, new Rmap.References());
                m.memory.folioLocks().lock(task, frame);
                int young = rmap.referenced(task, frame, false, new Rmap.References());
                m.memory.folioLocks().unlock(task, frame);
                assertThat(young).isEqualTo(rmapSwitch.equals("folio") ? 1 : 0);
            });
        }
    }

    @Test
    void swappedPagesMoveWithoutBeingRead() {
        run((task, m) -> {
            long to = 0x6000_0000_0000L;
            m.syscalls.mmap(task, to, PAGES * PAGE, PROT_RW, ANON_FIXED);
            UserfaultFd uffd = m.syscalls.userfaultfd(task, UFFD_FEATURE_SIGBUS);
            uffd.register(task, to, PAGES * PAGE, UFFDIO_REGISTER_MODE_MISSING);
            pageout(task, 0, 4);
            assertThat(uffd.move(task, to, HEAP, 8 * PAGE, 0)).isEqualTo(8 * PAGE);
            assertThat(count(VmStat.Item.PGMAJFAULT)).isZero();
            for (int i = 0; i < 8; i++) {
                assertThat(m.syscalls.memory().load(task, to + i * PAGE)).isEqualTo(i + 1);
            }
        });
    }
}
