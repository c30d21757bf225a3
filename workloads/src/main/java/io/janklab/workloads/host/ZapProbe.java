package io.janklab.workloads.host;

import io.janklab.kernel.uapi.Mman;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// What of giving pages back is clearing their entries, and so done under the page table's lock: MADV_DONTNEED flushes the other cores'
/// TLBs when it has cleared them and before it frees the pages, and another core that watches the clock sees when.
final class ZapProbe implements AutoCloseable {
    private static final int PAGES = 512;
    private static final int FEW = PAGES / 4;
    private static final int MANY = PAGES - FEW;
    private static final int ROUNDS = 400;
    /// Shorter gaps are the watcher's own.
    private static final long INTERRUPT_NS = 2_000;
    private static final long NO_FD = -1;

    private final HostSyscalls linux = new HostSyscalls();
    private final long address;
    private final MemorySegment memory;
    private final OtherCore watcher;
    private long watchedAt = System.nanoTime();
    /// When the watcher was last interrupted.
    private volatile long interruptedAt;

    /// @param watchersCore another than the caller's
    ZapProbe(int watchersCore) {
        long length = 2 * PAGES * Region.PAGE;
        long mapped = linux.require(SystemCall.MMAP, 0, length, Mman.PROT_RW, Mman.MAP_PRIVATE | Mman.MAP_ANONYMOUS, NO_FD, 0);
        address = mapped + PAGES * Region.PAGE - 1 & -(PAGES * Region.PAGE);
        memory = MemorySegment.ofAddress(address).reinterpret(PAGES * Region.PAGE);
        linux.require(SystemCall.MADVISE, mapped, length, Mman.MADV_NOHUGEPAGE, 0, 0, 0);
        watcher = new OtherCore(watchersCore, this::watch);
    }

    private void watch() {
        long now = System.nanoTime();
        if (now - watchedAt > INTERRUPT_NS) {
            interruptedAt = watchedAt;
        }
        watchedAt = now;
    }

    /// For each page, the clearing of its entry.
    Measurement zapPte() {
        Samples few = new Samples(ROUNDS);
        Samples many = new Samples(ROUNDS);
        for (int round = 0; round < ROUNDS; round++) {
            timeUntilFlush(FEW, few);
            timeUntilFlush(MANY, many);
        }
        return many.measurement().minus(few.measurement()).dividedBy(MANY - FEW);
    }

    /// Rounds in which something else interrupted the watcher, or nothing did, do not count.
    private void timeUntilFlush(int pages, Samples samples) {
        for (int page = 0; page < pages; page++) {
            memory.set(ValueLayout.JAVA_BYTE, page * Region.PAGE, (byte) 1);
        }
        long began = System.nanoTime();
        linux.call(SystemCall.MADVISE, address, pages * Region.PAGE, Mman.MADV_DONTNEED);
        long ended = System.nanoTime();
        UserMode.stay(2 * INTERRUPT_NS);
        long flushed = interruptedAt;
        if (flushed - began > 0 && flushed - ended < 0) {
            samples.add(flushed - began);
        }
    }

    @Override
    public void close() {
        watcher.close();
    }
}
