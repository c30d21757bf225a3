package io.janklab.kernel.mm.advise;

import static io.janklab.kernel.uapi.Mman.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.check.KernelFixture;
import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.interleave.Interleaving;
import io.janklab.kernel.mm.LockLog;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.page.FolioTable;
import io.janklab.kernel.mm.page.Lru;
import io.janklab.kernel.mm.page.LruBatches;
import io.janklab.kernel.mm.page.VmStat;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.VirtualFile;
import io.janklab.kernel.mm.space.VmFlags;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.trace.LockClass;
import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.MadvisePath;
import io.janklab.kernel.trace.TraceListener;
import io.janklab.kernel.trace.TracedLock;
import io.janklab.kernel.trace.TracedTask;
import io.janklab.kernel.uapi.Errno;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// madvise: locks, fallbacks, errors and their order, and what DONTNEED and FREE do to pages (reference §2, §6).
class MadviseTest {
    private static final long PAGE = Addresses.PAGE_SIZE;
    private static final int ANON_FIXED = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
    private static final long HEAP = 0x5000_0000_0000L;
    private static final int UNKNOWN = 1212;

    @RegisterExtension
    final KernelFixture kernel = new KernelFixture();

    private final List<MadvisePath> paths = new ArrayList<>();

    private Machine boot(KernelProfile profile) {
        Machine machine = kernel.boot(profile, Architecture.ARM64);
        machine.attach(new TraceListener() {
            @Override
            public void madvise(long now, TracedTask task, int advice, long start, long length, String vma, MadvisePath path, long result,
                    long beganAt) {
                paths.add(path);
            }
        });
        return machine;
    }

    private Machine boot(KernelVersion version) {
        return boot(KernelProfile.of(version, Architecture.ARM64));
    }

    /// Which error, in which order: §2.4. The heap is four pages; a hole follows, then one page more.
    record Row(String rule, long start, long length, int advice, long expected, MadvisePath path) {
        @Override
        public String toString() {
            return rule;
        }
    }

    static Stream<Row> errors() {
        long end = HEAP + 4 * PAGE;
        return Stream.of(
                new Row("unknown behaviour before alignment", HEAP + 1, PAGE, UNKNOWN, -Errno.EINVAL, MadvisePath.NONE),
                new Row("misaligned start", HEAP + 1, PAGE, MADV_DONTNEED, -Errno.EINVAL, MadvisePath.NONE),
                new Row("misaligned start even if empty", HEAP + 1, 0, MADV_DONTNEED, -Errno.EINVAL, MadvisePath.NONE),
                new Row("length rounds up to nothing", HEAP, -1, MADV_DONTNEED, -Errno.EINVAL, MadvisePath.NONE),
                new Row("range wraps", HEAP, Long.MIN_VALUE + Long.MAX_VALUE - PAGE, MADV_FREE, -Errno.EINVAL, MadvisePath.NONE),
                new Row("empty range takes no lock", HEAP, 0, MADV_DONTNEED, 0, MadvisePath.NONE),
                new Row("length is rounded up", HEAP, 1, MADV_DONTNEED, 0, MadvisePath.VMA_LOCK),
                new Row("poisoning is not for apps", HEAP, PAGE, MADV_HWPOISON, -Errno.EPERM, MadvisePath.NONE),
                new Row("soft offlining neither", HEAP, PAGE, MADV_SOFT_OFFLINE, -Errno.EPERM, MadvisePath.NONE),
                new Row("hole inside", HEAP, 6 * PAGE, MADV_DONTNEED, -Errno.ENOMEM, MadvisePath.FALLBACK_SEVERAL_VMAS),
                new Row("hole at start", end, 2 * PAGE, MADV_DONTNEED, -Errno.ENOMEM, MadvisePath.FALLBACK_NO_VMA),
                new Row("hole at end", HEAP + 5 * PAGE, 2 * PAGE, MADV_FREE, -Errno.ENOMEM, MadvisePath.FALLBACK_SEVERAL_VMAS),
                new Row("nothing there", HEAP + 16 * PAGE, PAGE, MADV_FREE, -Errno.ENOMEM, MadvisePath.FALLBACK_NO_VMA),
                new Row("no file to punch", HEAP, PAGE, MADV_REMOVE, -Errno.EINVAL, MadvisePath.MMAP_READ),
                new Row("reading swap ahead is a hint", HEAP, PAGE, MADV_WILLNEED, 0, MadvisePath.MMAP_READ),
                new Row("an error beats a hole before it", HEAP - PAGE, 2 * PAGE, MADV_REMOVE, -Errno.EINVAL, MadvisePath.MMAP_READ),
                new Row("samepage merging is not configured", HEAP, PAGE, MADV_MERGEABLE, -Errno.EINVAL, MadvisePath.NONE),
                new Row("huge pages are wanted by flag", HEAP, PAGE, MADV_HUGEPAGE, 0, MadvisePath.MMAP_WRITE),
                new Row("cold", HEAP, 4 * PAGE, MADV_COLD, 0, MadvisePath.MMAP_READ),
                new Row("populate", HEAP, 4 * PAGE, MADV_POPULATE_WRITE, 0, MadvisePath.MMAP_READ),
                new Row("populate over a hole", HEAP, 5 * PAGE, MADV_POPULATE_READ, -Errno.ENOMEM, MadvisePath.MMAP_READ),
                new Row("flags", HEAP, 4 * PAGE, MADV_DONTDUMP, 0, MadvisePath.MMAP_WRITE),
                new Row("flags over a hole", HEAP, 5 * PAGE, MADV_RANDOM, -Errno.ENOMEM, MadvisePath.MMAP_WRITE));
    }

    @ParameterizedTest
    @MethodSource("errors")
    void errorsComeInLinuxOrder(Row row) {
        Machine machine = boot(KernelVersion.V6_17);
        machine.run(task -> {
            machine.syscalls.mmap(task, HEAP, 4 * PAGE, PROT_RW, ANON_FIXED);
            machine.syscalls.mmap(task, HEAP + 5 * PAGE, PAGE, PROT_RW, ANON_FIXED);
            assertThat(machine.syscalls.madvise(task, row.start, row.length, row.advice)).isEqualTo(row.expected);
        });
        assertThat(paths).containsExactly(row.path);
    }

    @Test
    void laterVmasAreAdvisedDespiteAHole() {
        Machine machine = boot(KernelVersion.V6_17);
        machine.run(task -> {
            machine.syscalls.mmap(task, HEAP, PAGE, PROT_RW, ANON_FIXED);
            machine.syscalls.mmap(task, HEAP + 2 * PAGE, PAGE, PROT_RW, ANON_FIXED);
            machine.syscalls.memory().write(task, HEAP, PAGE);
            machine.syscalls.memory().write(task, HEAP + 2 * PAGE, PAGE);
            assertThat(machine.syscalls.madvise(task, HEAP, 3 * PAGE, MADV_DONTNEED)).isEqualTo(-Errno.ENOMEM);
        });
        assertThat(machine.mm.residentPages()).isZero();
    }

    @Test
    void lockedMemoryIsKeptUnlessTheBehaviourSaysSo() {
        Machine machine = boot(KernelVersion.V6_17);
        machine.run(task -> {
            machine.syscalls.mmap(task, HEAP, PAGE, PROT_RW, ANON_FIXED);
            Vma vma = machine.mm.vmas().lookup(HEAP);
            vma.setFlags(vma.flags() | VmFlags.VM_LOCKED);
            assertThat(machine.syscalls.madvise(task, HEAP, PAGE, MADV_DONTNEED)).isEqualTo(-Errno.EINVAL);
            assertThat(machine.syscalls.madvise(task, HEAP, PAGE, MADV_FREE)).isEqualTo(-Errno.EINVAL);
            assertThat(machine.syscalls.madvise(task, HEAP, PAGE, MADV_COLD)).isEqualTo(-Errno.EINVAL);
            assertThat(machine.syscalls.madvise(task, HEAP, PAGE, MADV_DONTNEED_LOCKED)).isZero();
            vma.setFlags(vma.flags() | VmFlags.VM_PFNMAP);
            assertThat(machine.syscalls.madvise(task, HEAP, PAGE, MADV_DONTNEED_LOCKED)).isEqualTo(-Errno.EINVAL);
            assertThat(machine.syscalls.madvise(task, HEAP, PAGE, MADV_DOFORK)).isEqualTo(-Errno.EINVAL);
            assertThat(machine.syscalls.madvise(task, HEAP, PAGE, MADV_DODUMP)).isEqualTo(-Errno.EINVAL);
        });
        // Locked, but checked under the VMA lock nevertheless.
        assertThat(paths).containsOnly(MadvisePath.VMA_LOCK, MadvisePath.MMAP_READ, MadvisePath.MMAP_WRITE);
    }

    @Test
    void tooManyVmasIsEagainForFlagChanges() {
        Machine machine = boot(KernelVersion.V6_17);
        machine.run(task -> {
            for (int i = 0; i <= Mm.MAX_MAP_COUNT; i++) {
                machine.syscalls.mmap(task, HEAP + 4L * i * PAGE, 3 * PAGE, PROT_RW, ANON_FIXED);
            }
            assertThat(machine.syscalls.madvise(task, HEAP, PAGE, MADV_DONTFORK)).isEqualTo(-Errno.EAGAIN);
        });
    }

    // Which lock: §2.1

    @ParameterizedTest
    @EnumSource(KernelVersion.class)
    void dontneedAndFreeUseTheVmaLockSince617(KernelVersion version) {
        MadviseLocks locks = new MadviseLocks(KernelProfile.of(version, Architecture.ARM64), Interleaving.NONE);
        MadviseLock expected = version.compareTo(KernelVersion.V6_17) >= 0 ? MadviseLock.VMA_READ_LOCK : MadviseLock.MMAP_READ_LOCK;
        for (Advice advice : List.of(Advice.DONTNEED, Advice.DONTNEED_LOCKED, Advice.FREE)) {
            assertThat(locks.of(advice)).isEqualTo(expected);
        }
        for (Advice advice : List.of(Advice.REMOVE, Advice.WILLNEED, Advice.COLD, Advice.POPULATE_READ, Advice.POPULATE_WRITE)) {
            assertThat(locks.of(advice)).isEqualTo(MadviseLock.MMAP_READ_LOCK);
        }
        for (Advice advice : List.of(Advice.NORMAL, Advice.RANDOM, Advice.SEQUENTIAL, Advice.DONTFORK, Advice.DOFORK, Advice.WIPEONFORK,
                Advice.KEEPONFORK, Advice.DONTDUMP, Advice.DODUMP)) {
            assertThat(locks.of(advice)).isEqualTo(MadviseLock.MMAP_WRITE_LOCK);
        }
    }

    @Test
    void eachSwitchMovesItsOwnBehaviourOnly() {
        MadviseLocks locks = new MadviseLocks(
                KernelProfile.of(KernelVersion.V6_17, Architecture.ARM64).with(Switch.MADVISE_FREE_LOCK, SwitchValue.MMAP),
                Interleaving.NONE);
        assertThat(locks.of(Advice.FREE)).isEqualTo(MadviseLock.MMAP_READ_LOCK);
        assertThat(locks.of(Advice.DONTNEED)).isEqualTo(MadviseLock.VMA_READ_LOCK);
    }

    @Test
    void rangeThatLeavesItsVmaFallsBackEvenIfTheNextAdjoins() {
        Machine machine = boot(KernelVersion.V6_17);
        machine.run(task -> {
            machine.syscalls.mmap(task, HEAP, PAGE, PROT_RW, ANON_FIXED);
            machine.syscalls.mmap(task, HEAP + PAGE, PAGE, PROT_READ, ANON_FIXED);
            assertThat(machine.syscalls.madvise(task, HEAP, 2 * PAGE, MADV_DONTNEED)).isZero();
        });
        assertThat(paths).containsExactly(MadvisePath.FALLBACK_SEVERAL_VMAS);
    }

    @Test
    void vmaBeingWrittenSendsMadviseToMmapLock() {
        Machine machine = boot(KernelVersion.V6_17);
        machine.run(task -> {
            machine.syscalls.mmap(task, HEAP, 512 * PAGE, PROT_RW, ANON_FIXED);
            machine.syscalls.memory().write(task, HEAP, 512 * PAGE);
        });
        // mprotect rewrites 512 entries under the VMA's write lock; madvise arrives in the middle.
        machine.spawnOn(0, "writer", 0, task -> machine.syscalls.mprotect(task, HEAP, 512 * PAGE, PROT_READ));
        machine.spawnOn(1, "purger", 0, task -> {
            task.compute(5_000);
            assertThat(machine.syscalls.madvise(task, HEAP, 512 * PAGE, MADV_FREE)).isZero();
        });
        machine.run();
        assertThat(paths).containsExactly(MadvisePath.FALLBACK_VMA_WRITE_LOCKED);
    }

    // Inside or outside the lock: §2.3

    private List<String> eventsOf(KernelVersion version, Architecture architecture, int advice) {
        Machine machine = kernel.boot(version, architecture);
        List<String> events = new ArrayList<>();
        machine.run(task -> {
            machine.syscalls.mmap(task, HEAP, 8 * PAGE, PROT_RW, ANON_FIXED);
            machine.syscalls.memory().write(task, HEAP, 8 * PAGE);
        });
        LockLog locks = new LockLog() {
            @Override
            public void tlbFlush(long now, TracedTask task, int tgid, long pages, int ipis) {
                log().add("flush " + pages);
            }
        };
        machine.attach(locks);
        machine.run(task -> machine.syscalls.madvise(task, HEAP, 8 * PAGE, advice));
        events.addAll(locks.log());
        return events;
    }

    @Test
    void underMmapLockTheFlushIsInsideTheHold() {
        for (Architecture architecture : Architecture.values()) {
            assertThat(eventsOf(KernelVersion.V6_12, architecture, MADV_DONTNEED))
                    .containsExactly("+mmap_lock read", "flush 8", "-mmap_lock read");
        }
    }

    @Test
    void underTheVmaLockArm64FlushesInsideAndX86Outside() {
        for (int advice : new int[] {MADV_DONTNEED, MADV_FREE}) {
            assertThat(eventsOf(KernelVersion.V6_17, Architecture.ARM64, advice))
                    .containsExactly("+vma_lock read", "flush 8", "-vma_lock read");
            assertThat(eventsOf(KernelVersion.V6_17, Architecture.X86_64, advice))
                    .containsExactly("+vma_lock read", "-vma_lock read", "flush 8");
        }
    }

    @Test
    void pagesAreFreedAfterTheVmaLockButBeforeTheEndOfMmapLock() {
        assertThat(freeFramesWhenTheLockIsReleased(KernelVersion.V6_12)).isEqualTo(8);
        assertThat(freeFramesWhenTheLockIsReleased(KernelVersion.V6_17)).isZero();
    }

    private int freeFramesWhenTheLockIsReleased(KernelVersion version) {
        Machine machine = kernel.boot(version);
        int[] freed = new int[1];
        machine.run(task -> {
            machine.syscalls.mmap(task, HEAP, 8 * PAGE, PROT_RW, ANON_FIXED);
            machine.syscalls.memory().write(task, HEAP, 8 * PAGE);
            machine.memory.batches().drainAll();
            int before = machine.memory.frames().free();
            machine.attach(new LockLog() {
                @Override
                public void lockReleased(long now, io.janklab.kernel.trace.TracedLock lock, TracedTask by,
                        io.janklab.kernel.trace.LockMode mode) {
                    freed[0] = machine.memory.frames().free() - before;
                }
            });
            machine.syscalls.madvise(task, HEAP, 8 * PAGE, MADV_DONTNEED);
        });
        return freed[0];
    }

    // What it does to pages

    private void onStampedHeap(KernelVersion version, int pages, StampedProgram program) {
        Machine machine = boot(version);
        machine.memory.keepContents();
        machine.run(task -> {
            machine.syscalls.mmap(task, HEAP, pages * PAGE, PROT_RW, ANON_FIXED);
            for (int i = 0; i < pages; i++) {
                machine.syscalls.memory().store(task, HEAP + i * PAGE, 100 + i);
            }
            program.run(machine, task);
        });
    }

    private interface StampedProgram {
        void run(Machine machine, io.janklab.kernel.cpu.Task task);
    }

    @Test
    void dontneedReadsZeroAfterwards() {
        onStampedHeap(KernelVersion.V6_17, 4, (machine, task) -> {
            machine.syscalls.madvise(task, HEAP + PAGE, 2 * PAGE, MADV_DONTNEED);
            assertThat(machine.mm.residentPages()).isEqualTo(2);
            assertThat(machine.syscalls.memory().load(task, HEAP)).isEqualTo(100);
            assertThat(machine.syscalls.memory().load(task, HEAP + PAGE)).isZero();
            assertThat(machine.syscalls.memory().load(task, HEAP + 2 * PAGE)).isZero();
            assertThat(machine.syscalls.memory().load(task, HEAP + 3 * PAGE)).isEqualTo(103);
        });
    }

    @Test
    void freeKeepsThePageAndItsDataUntilMemoryIsShort() {
        onStampedHeap(KernelVersion.V6_17, 4, (machine, task) -> {
            machine.syscalls.madvise(task, HEAP, 4 * PAGE, MADV_FREE);
            assertThat(machine.mm.residentPages()).isEqualTo(4);
            assertThat(machine.syscalls.memory().load(task, HEAP)).isEqualTo(100);
        });
    }

    @Test
    void lazyfreeShowsOnTheLruOnlyWhenItsBatchDrains() {
        onStampedHeap(KernelVersion.V6_17, LruBatches.BATCH_SIZE, (machine, task) -> {
            machine.syscalls.madvise(task, HEAP, (LruBatches.BATCH_SIZE - 1) * PAGE, MADV_FREE);
            assertThat(machine.memory.lru().size(Lru.INACTIVE_FILE)).isZero();
            machine.syscalls.madvise(task, HEAP + (LruBatches.BATCH_SIZE - 1) * PAGE, PAGE, MADV_FREE);
            assertThat(machine.memory.lru().size(Lru.INACTIVE_FILE)).as("the second call drains first")
                    .isEqualTo(LruBatches.BATCH_SIZE - 1);
            assertThat(machine.memory.vmstat().get(VmStat.Item.PGLAZYFREE)).isEqualTo(LruBatches.BATCH_SIZE - 1);
        });
    }

    @Test
    void freeSkipsAFolioThatIsDirtyAndLocked() {
        onStampedHeap(KernelVersion.V6_17, 2, (machine, task) -> {
            int frame = machine.mm.frameAt(HEAP);
            machine.memory.folios().set(frame, FolioTable.DIRTY);
            assertThat(machine.memory.folioLocks().trylock(task, frame)).isTrue();
            machine.syscalls.madvise(task, HEAP, 2 * PAGE, MADV_FREE);
            machine.memory.folioLocks().unlock(task, frame);
            machine.memory.batches().drainAll();
            assertThat(machine.memory.folios().isLazyfree(frame)).isFalse();
            assertThat(machine.memory.folios().isLazyfree(machine.mm.frameAt(HEAP + PAGE))).isTrue();
        });
    }

    /// Found on a real 6.18 by `conform`: a lazyfree page that is then populated for writing is not lazyfree any more.
    @Test
    void populateWriteKeepsAPageThatWasGivenUp() {
        Machine machine = kernel.boot(KernelVersion.V6_17);
        machine.run(task -> {
            machine.syscalls.mmap(task, HEAP, PAGE, PROT_RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_POPULATE);
            machine.syscalls.madvise(task, HEAP, PAGE, MADV_FREE);
            assertThat(machine.syscalls.madvise(task, HEAP, PAGE, MADV_POPULATE_WRITE)).isZero();
            int frame = machine.mm.frameAt(HEAP);
            assertThat(machine.memory.folios().has(frame, FolioTable.DIRTY)).isTrue();
        });
    }

    /// Found on a real 6.18 by `conform`.
    @Test
    void populateReadTakesTheRightToRead() {
        Machine machine = kernel.boot(KernelVersion.V6_17);
        machine.run(task -> {
            machine.syscalls.mmap(task, HEAP, PAGE, PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED);
            assertThat(machine.syscalls.madvise(task, HEAP, PAGE, MADV_POPULATE_READ)).isEqualTo(-Errno.EINVAL);
        });
    }

    @Test
    void populateWriteGivesEveryPageAFolio() {
        Consumer<Machine> check = machine -> assertThat(machine.mm.residentPages()).isEqualTo(4);
        Machine machine = boot(KernelVersion.V6_17);
        machine.run(task -> {
            machine.syscalls.mmap(task, HEAP, 4 * PAGE, PROT_RW, ANON_FIXED);
            machine.syscalls.madvise(task, HEAP, 4 * PAGE, MADV_POPULATE_WRITE);
        });
        check.accept(machine);
    }

    /// `madvise_vma_behavior`.
    @Test
    void wipingOnForkIsForAnonymousMemoryAlone() {
        Machine machine = boot(KernelVersion.V6_17);
        machine.run(task -> {
            VirtualFile file = machine.memory.pageCache().create("base.odex", 1);
            long text = machine.syscalls.mmap(task, 0, PAGE, PROT_READ, MAP_PRIVATE, file, 0);
            assertThat(machine.syscalls.madvise(task, text, PAGE, MADV_WIPEONFORK)).isEqualTo(-Errno.EINVAL);
            assertThat(machine.syscalls.madvise(task, text, PAGE, MADV_KEEPONFORK)).isZero();
        });
    }

    /// `madvise_cold_or_pageout_pte_range`: `reclaim_pages` comes when all of a table has been seen.
    @Test
    void pageoutReclaimsOnceATable() {
        Machine machine = boot(KernelVersion.V6_17);
        machine.memory.swapOn(1 << 20, 2);
        List<Integer> leftOnTheList = new ArrayList<>();
        machine.attach(new TraceListener() {
            @Override
            public void lockAcquired(long now, TracedLock lock, TracedTask task, LockMode mode, long waitedNs) {
                if (lock.lockClass() == LockClass.FOLIO) {
                    leftOnTheList.add(machine.memory.lru().size(Lru.INACTIVE_ANON));
                }
            }
        });
        machine.run(task -> {
            machine.syscalls.mmap(task, HEAP, 100 * PAGE, PROT_RW, ANON_FIXED);
            machine.syscalls.memory().write(task, HEAP, 100 * PAGE);
            machine.memory.batches().drainAll();
            machine.syscalls.madvise(task, HEAP, 100 * PAGE, MADV_PAGEOUT);
        });
        assertThat(leftOnTheList).hasSize(100).containsOnly(0);
        assertThat(machine.memory.vmstat().get(VmStat.Item.PSWPOUT)).isEqualTo(100);
    }

    /// `madvise_free_pte_range`, `folio_free_swap`: a child still needs the slot.
    @Test
    void freePassesOverAFolioInTheSwapCacheWhoseSwapOthersNeed() {
        Machine machine = boot(KernelVersion.V6_17);
        machine.memory.swapOn(1 << 20, 2);
        machine.run(task -> {
            machine.syscalls.mmap(task, HEAP, PAGE, PROT_RW, ANON_FIXED);
            machine.syscalls.memory().write(task, HEAP, PAGE);
            machine.memory.batches().drainAll();
            machine.syscalls.madvise(task, HEAP, PAGE, MADV_PAGEOUT);
            machine.process.fork(task, "child", (child, other) -> other.sleepUntil(other.now() + 10_000_000));
            machine.syscalls.memory().read(task, HEAP, 1);
            int frame = machine.mm.frameAt(HEAP);
            assertThat(machine.memory.folios().has(frame, FolioTable.SWAPCACHE)).isTrue();
            machine.memory.batches().drainAll();
            machine.syscalls.madvise(task, HEAP, PAGE, MADV_FREE);
            machine.memory.batches().drainAll();
            assertThat(machine.memory.folios().isLazyfree(frame)).isFalse();
        });
    }
}
