package io.janklab.kernel.mm.advise;

import static io.janklab.kernel.uapi.Mman.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.AddressSpaceCase;
import io.janklab.kernel.trace.MadvisePath;
import io.janklab.kernel.trace.TraceListener;
import io.janklab.kernel.trace.TracedTask;
import io.janklab.kernel.uapi.Capability;
import io.janklab.kernel.uapi.Errno;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Return values were compared with those of Linux 6.18 on x86-64.
class ProcessMadviseTest extends AddressSpaceCase {
    private final List<MadvisePath> paths = new ArrayList<>();
    private int flushes;

    private void listen(Machine machine) {
        machine.attach(new TraceListener() {
            @Override
            public void madvise(long now, TracedTask task, int advice, long start, long length, String vma, MadvisePath path, long result,
                    long beganAt) {
                paths.add(path);
            }

            @Override
            public void tlbFlush(long now, TracedTask task, int tgid, long pages, int ipis) {
                flushes++;
            }
        });
    }

    private static long advise(Machine machine, Task task, int advice, int flags, long... pages) {
        long[] lengths = new long[pages.length];
        Arrays.fill(lengths, PAGE);
        return machine.syscalls.processMadvise(task, machine.process.tgid(), pages, lengths, advice, flags);
    }

    @Test
    void errorsComeInLinuxOrder() {
        withHeap(KernelVersion.V6_17, 16, 16, (machine, task) -> {
            assertThat(advise(machine, task, MADV_DONTNEED, 1, HEAP)).as("flags").isEqualTo(-Errno.EINVAL);
            assertThat(machine.syscalls.processMadvise(task, 4711, new long[] {HEAP}, new long[] {PAGE}, MADV_COLD, 0))
                    .isEqualTo(-Errno.ESRCH);
            assertThat(advise(machine, task, 1212, 0, HEAP)).isEqualTo(-Errno.EINVAL);
            assertThat(advise(machine, task, 1212, 0)).as("no range, no error").isZero();
            assertThat(advise(machine, task, MADV_DONTNEED, 0, page(40))).isEqualTo(-Errno.ENOMEM);
            assertThat(advise(machine, task, MADV_DONTNEED, 0, HEAP, page(40))).as("bytes before the error").isEqualTo(PAGE);
            assertThat(machine.syscalls.processMadvise(task, task.tgid(), new long[1025], new long[1025], MADV_COLD, 0))
                    .isEqualTo(-Errno.EINVAL);
        });
    }

    @Test
    void othersGetHintsOnlyAndOnlyFromThoseWithTheCapability() {
        withHeap(KernelVersion.V6_17, 4, 4, (machine, task) -> {
            long child = machine.process.fork(task, "child", (process, self) -> self.sleepUntil(self.now() + 1_000_000));
            long[] starts = {HEAP};
            long[] lengths = {PAGE};
            assertThat(machine.syscalls.processMadvise(task, (int) child, starts, lengths, MADV_DONTNEED, 0)).isEqualTo(-Errno.EINVAL);
            assertThat(machine.syscalls.processMadvise(task, (int) child, starts, lengths, MADV_COLD, 0)).isEqualTo(-Errno.EPERM);
            machine.mm.grant(Capability.SYS_NICE);
            assertThat(machine.syscalls.processMadvise(task, (int) child, starts, lengths, MADV_COLD, 0)).isEqualTo(PAGE);
        });
    }

    @Test
    void oneFallbackKeepsMmapLockForTheRestOfTheVector() {
        withHeap(KernelVersion.V6_17, 16, 16, (machine, task) -> {
            machine.syscalls.munmap(task, page(4), PAGE);
            listen(machine);
            machine.syscalls.processMadvise(task, task.tgid(), new long[] {HEAP, page(2), page(8)}, new long[] {PAGE, 3 * PAGE, PAGE},
                    MADV_DONTNEED, 0);
        });
        assertThat(paths).containsExactly(MadvisePath.VMA_LOCK, MadvisePath.FALLBACK_SEVERAL_VMAS);
    }

    @Test
    void rangesAfterAFallbackGoByMmapLock() {
        withHeap(KernelVersion.V6_17, 16, 16, (machine, task) -> {
            machine.syscalls.mprotect(task, page(4), PAGE, PROT_READ);
            listen(machine);
            machine.syscalls.processMadvise(task, task.tgid(), new long[] {HEAP, page(3), page(8)}, new long[] {PAGE, 2 * PAGE, PAGE},
                    MADV_FREE, 0);
        });
        assertThat(paths).containsExactly(MadvisePath.VMA_LOCK, MadvisePath.FALLBACK_SEVERAL_VMAS, MadvisePath.FALLBACK_SEVERAL_VMAS);
    }

    @Test
    void since617OneFlushServesAllRanges() {
        assertThat(flushesOf(KernelVersion.V6_14)).isEqualTo(3);
        assertThat(flushesOf(KernelVersion.V6_17)).isEqualTo(1);
    }

    /// On x86-64, where nothing is flushed at the end of a VMA.
    private int flushesOf(KernelVersion version) {
        Machine machine = kernel.boot(version, Architecture.X86_64);
        machine.run(task -> {
            machine.syscalls.mmap(task, HEAP, 16 * PAGE, PROT_RW, ANON_FIXED);
            machine.syscalls.memory().write(task, HEAP, 16 * PAGE);
            listen(machine);
            flushes = 0;
            advise(machine, task, MADV_DONTNEED, 0, HEAP, page(4), page(8));
        });
        return flushes;
    }

    @Test
    void before613OnlyHintsForOneselfToo() {
        withHeap(KernelVersion.V6_12, 4, 4, (machine, task) -> {
            assertThat(advise(machine, task, MADV_DONTNEED, 0, HEAP)).isEqualTo(-Errno.EINVAL);
            assertThat(advise(machine, task, MADV_COLD, 0, HEAP)).isEqualTo(-Errno.EPERM);
        });
    }

    /// Found on a real 6.18 by `conform`.
    @Test
    void emptyRangesAreSteppedOverUncheckedAllButTheFirst() {
        withHeap(KernelVersion.V6_17, 4, 4, (machine, task) -> {
            int self = machine.process.tgid();
            assertThat(machine.syscalls.processMadvise(task, self, new long[] {HEAP + 1}, new long[] {0}, 999, 0))
                    .as("no byte at all").isZero();
            assertThat(machine.syscalls.processMadvise(task, self, new long[] {HEAP, HEAP + 1}, new long[] {PAGE, 0}, MADV_DONTNEED, 0))
                    .isEqualTo(PAGE);
            assertThat(machine.syscalls.processMadvise(task, self, new long[] {HEAP + 1, HEAP}, new long[] {0, PAGE}, MADV_DONTNEED, 0))
                    .isEqualTo(-Errno.EINVAL);
        });
    }
}
