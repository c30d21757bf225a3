package io.janklab.kernel.mm.proc;

import static io.janklab.kernel.uapi.Mman.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.AddressSpaceCase;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.VirtualFile;
import io.janklab.kernel.syscall.ProcFd;
import io.janklab.kernel.trace.LockClass;
import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.TraceListener;
import io.janklab.kernel.trace.TracedLock;
import io.janklab.kernel.trace.TracedTask;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The expected texts are those of Linux 6.18 on x86-64 after the same calls.
class ProcMapsTest extends AddressSpaceCase {
    private static final String SMAPS_OF_A_FORKED_HEAP = """
            500000000000-500000020000 rw-p 00000000 00:00 0\s
            Size:                128 kB
            KernelPageSize:        4 kB
            MMUPageSize:           4 kB
            Rss:                  32 kB
            Pss:                  18 kB
            Pss_Dirty:            14 kB
            Shared_Clean:          8 kB
            Shared_Dirty:         20 kB
            Private_Clean:         0 kB
            Private_Dirty:         4 kB
            Referenced:           24 kB
            Anonymous:            32 kB
            KSM:                   0 kB
            LazyFree:              8 kB
            AnonHugePages:         0 kB
            ShmemPmdMapped:        0 kB
            FilePmdMapped:         0 kB
            Shared_Hugetlb:        0 kB
            Private_Hugetlb:       0 kB
            Swap:                  0 kB
            SwapPss:               0 kB
            Locked:                0 kB
            THPeligible:           0
            VmFlags: rd wr mr mw me ac nh\s
            """;

    @ParameterizedTest
    @EnumSource(KernelVersion.class)
    void smapsCountsWhatLinuxCounts(KernelVersion version) {
        withHeap(version, 32, 0, (machine, task) -> {
            machine.syscalls.madvise(task, HEAP, 32 * PAGE, MADV_NOHUGEPAGE);
            machine.syscalls.memory().write(task, HEAP, 8 * PAGE);
            machine.memory.batches().drainAll();
            machine.syscalls.memory().read(task, page(20), 1);
            machine.syscalls.madvise(task, page(2), 2 * PAGE, MADV_FREE);
            machine.memory.batches().drainAll();
            machine.process.fork(task, "child", (process, self) -> self.sleepUntil(self.now() + 10_000_000));
            machine.syscalls.memory().write(task, page(5), 1);
            String smaps = machine.syscalls.openSmaps(task, task.tgid()).readAll(task);
            assertThat(smaps).isEqualTo(SMAPS_OF_A_FORKED_HEAP);
        });
    }

    @Test
    void flagsAreShownByTheirMnemonics() {
        withHeap(KernelVersion.V6_19, 32, 1, (machine, task) -> {
            machine.syscalls.madvise(task, HEAP, 32 * PAGE, MADV_NOHUGEPAGE);
            machine.syscalls.mlock(task, page(2), 2 * PAGE);
            machine.syscalls.mprotect(task, page(5), PAGE, PROT_READ);
            machine.syscalls.madvise(task, page(7), PAGE, MADV_DONTFORK);
            machine.syscalls.madvise(task, page(9), PAGE, MADV_WIPEONFORK);
            machine.syscalls.madvise(task, page(11), PAGE, MADV_DONTDUMP);
            machine.syscalls.madvise(task, page(13), PAGE, MADV_RANDOM);
            machine.syscalls.madvise(task, page(15), PAGE, MADV_SEQUENTIAL);
            machine.syscalls.mseal(task, page(17), PAGE, 0);
            machine.syscalls.madvise(task, page(20), PAGE, MADV_GUARD_INSTALL);
            List<String> flags = machine.syscalls.openSmaps(task, task.tgid()).readAll(task).lines()
                    .filter(line -> line.startsWith("VmFlags")).toList();
            assertThat(flags).contains(
                    "VmFlags: rd wr mr mw me lo ac nh ",
                    "VmFlags: rd mr mw me ac nh ",
                    "VmFlags: rd wr mr mw me dc ac nh ",
                    "VmFlags: rd wr mr mw me ac wf nh ",
                    "VmFlags: rd wr mr mw me ac dd nh ",
                    "VmFlags: rd wr mr mw me rr ac nh ",
                    "VmFlags: rd wr mr mw me sr ac nh ",
                    "VmFlags: rd wr mr mw me ac nh sl ",
                    "VmFlags: rd wr mr mw me gu ac nh ");
        });
    }

    @Test
    void mapsNamesHeapFilesAndWhatUserSpaceNamed() {
        withHeap(KernelVersion.V6_17, 4, 0, (machine, task) -> {
            machine.syscalls.setAnonName(task, page(1), PAGE, "scudo:primary");
            machine.syscalls.mprotect(task, page(3), PAGE, PROT_NONE);
            machine.syscalls.brk(task, Mm.START_BRK + PAGE);
            assertThat(machine.syscalls.openMaps(task, task.tgid()).readAll(task)).isEqualTo("""
                    500000000000-500000001000 rw-p 00000000 00:00 0\s
                    500000001000-500000002000 rw-p 00000000 00:00 0                          [anon:scudo:primary]
                    500000002000-500000003000 rw-p 00000000 00:00 0\s
                    500000003000-500000004000 ---p 00000000 00:00 0\s
                    555555560000-555555561000 rw-p 00000000 00:00 0                          [heap]
                    """);
        });
    }

    @Test
    void aReadEndsWithTheLastRecordThatFitsItsPage() {
        withHeap(KernelVersion.V6_17, 400, 0, (machine, task) -> {
            for (int i = 0; i < 400; i += 2) {
                machine.syscalls.mprotect(task, page(i), PAGE, PROT_READ);
            }
            ProcFd maps = machine.syscalls.openMaps(task, task.tgid());
            int line = "500000000000-500000001000 r--p 00000000 00:00 0 \n".length();
            List<Integer> reads = new ArrayList<>();
            for (String some = maps.read(task); !some.isEmpty(); some = maps.read(task)) {
                reads.add(some.length() / line);
            }
            assertThat(reads).containsExactly(4096 / line, 4096 / line, 4096 / line, 4096 / line, 400 - 4 * (4096 / line));
        });
    }

    @Test
    void readersOfAMissingProcessGetNoFile() {
        withHeap(KernelVersion.V6_17, 1, 0, (machine, task) -> assertThat(machine.syscalls.openMaps(task, 4711)).isNull());
    }

    /// Which locks a reader of the file takes, in the words of the trace.
    private List<String> locksOf(KernelVersion version, BiFunction<Machine, Task, ProcFd> open) {
        List<String> locks = new ArrayList<>();
        withHeap(version, 4, 4, (machine, task) -> {
            ProcFd file = open.apply(machine, task);
            machine.attach(new TraceListener() {
                @Override
                public void lockAcquired(long now, TracedLock lock, TracedTask holder, LockMode mode, long waited) {
                    if (lock.lockClass() == LockClass.MMAP_LOCK || lock.lockClass() == LockClass.VMA_LOCK) {
                        locks.add(lock.lockClass().label() + " " + mode.label());
                    }
                }
            });
            file.read(task);
        });
        return locks.subList(0, 1);
    }

    @Test
    void mapsGoByVmaLocksSince617AndSmapsAndNumaMapsSince72() {
        BiFunction<Machine, Task, ProcFd> maps = (machine, task) -> machine.syscalls.openMaps(task, task.tgid());
        BiFunction<Machine, Task, ProcFd> smaps = (machine, task) -> machine.syscalls.openSmaps(task, task.tgid());
        BiFunction<Machine, Task, ProcFd> numaMaps = (machine, task) -> machine.syscalls.openNumaMaps(task, task.tgid());
        assertThat(locksOf(KernelVersion.V6_14, maps)).containsExactly("mmap_lock read");
        assertThat(locksOf(KernelVersion.V6_17, maps)).containsExactly("vma_lock read");
        assertThat(locksOf(KernelVersion.V7_0, smaps)).containsExactly("mmap_lock read");
        assertThat(locksOf(KernelVersion.V7_2, smaps)).containsExactly("vma_lock read");
        assertThat(locksOf(KernelVersion.V7_0, numaMaps)).containsExactly("mmap_lock read");
        assertThat(locksOf(KernelVersion.V7_2, numaMaps)).containsExactly("vma_lock read");
    }

    @ParameterizedTest
    @EnumSource(value = KernelVersion.class, names = {"V7_0", "V7_2"})
    void numaMapsCountsPagesAsTheKernelPrintsThem(KernelVersion version) {
        Machine machine = kernel.boot(version);
        machine.run(task -> {
            long heap = machine.syscalls.mmap(task, 0, 8 * PAGE, PROT_RW, MAP_PRIVATE | MAP_ANONYMOUS);
            machine.syscalls.memory().write(task, heap, 3 * PAGE);
            machine.syscalls.memory().read(task, heap + 5 * PAGE, PAGE);
            long empty = machine.syscalls.mmap(task, 0, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS);
            machine.syscalls.brk(task, Mm.START_BRK + PAGE);
            assertThat(machine.syscalls.openNumaMaps(task, task.tgid()).readAll(task).lines()).containsExactly(
                    Long.toHexString(Mm.START_BRK) + " default heap",
                    Long.toHexString(empty) + " default",
                    Long.toHexString(heap) + " default anon=3 dirty=3 active=0 N0=3 kernelpagesize_kB=4");
        });
    }

    /// Seen on Linux 6.18: a backslash stays, and maps escapes newlines alone.
    @Test
    void namesOfFilesAreEscapedAsSeqPathDoes() {
        Machine machine = kernel.boot(KernelVersion.V7_2);
        machine.run(task -> {
            VirtualFile file = machine.memory.pageCache().create("/a b=c\\d\te\nf", 4);
            long mapping = machine.syscalls.mmap(task, 0, PAGE, PROT_READ, MAP_PRIVATE, file, 0);
            long shared = machine.syscalls.mmap(task, 0, PAGE, PROT_RW, MAP_SHARED | MAP_ANONYMOUS);
            machine.syscalls.memory().write(task, shared, 1);
            assertThat(machine.syscalls.openNumaMaps(task, task.tgid()).readAll(task).lines()).containsExactly(
                    Long.toHexString(shared) + " default file=/dev/zero\\040(deleted) dirty=1 active=0 N0=1 kernelpagesize_kB=4",
                    Long.toHexString(mapping) + " default file=/a\\040b\\075c\\d\\011e\\012f");
            assertThat(machine.syscalls.openMaps(task, task.tgid()).readAll(task))
                    .contains(" /a b=c\\d\te\\012f\n", " /dev/zero (deleted)\n");
        });
    }

    @ParameterizedTest
    @EnumSource(value = KernelVersion.class, names = {"V6_14", "V6_17"})
    void mapsReaderBesideAWriterSeesEveryVmaThatStays(KernelVersion version) {
        Machine machine = withHeap(version, 200, 0, (m, task) -> {
            for (int i = 0; i < 200; i += 2) {
                m.syscalls.mprotect(task, page(i), PAGE, PROT_READ);
            }
        });
        boolean[] done = new boolean[1];
        machine.spawnOn(0, "writer", 0, task -> {
            for (int i = 0; !done[0]; i++) {
                machine.syscalls.mprotect(task, page(99), PAGE, i % 2 == 0 ? PROT_NONE : PROT_RW);
            }
        });
        machine.spawnOn(1, "reader", 0, task -> {
            for (int i = 0; i < 20; i++) {
                assertThat(machine.syscalls.openMaps(task, machine.process.tgid()).readAll(task).lines()).hasSize(200);
            }
            done[0] = true;
        });
        machine.run();
    }
}
