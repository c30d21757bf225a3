package io.janklab.workloads.host.measure;

import io.janklab.kernel.uapi.Mman;
import io.janklab.program.Region;
import io.janklab.workloads.host.sys.HostSyscalls;
import io.janklab.workloads.host.sys.OtherCore;
import io.janklab.workloads.host.sys.SmallPages;
import io.janklab.workloads.host.sys.SystemCall;
import io.janklab.workloads.host.sys.UserMode;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The part of zapping pages that clears their entries, and so is done under the page table's lock: MADV_DONTNEED flushes the other cores'
/// TLBs when it has cleared them and before it frees the pages, and another core that watches the clock sees when.
public final class ZapProbe implements AutoCloseable {
    private static final int PAGES = 512;
    private static final int FEW = PAGES / 4;
    private static final int MANY = PAGES - FEW;
    private static final int ROUNDS = 400;
    /// Shorter gaps are the watcher's own.
    private static final long INTERRUPT_NS = 2_000;
    private static final long TABLE = PAGES * Region.PAGE;

    private final HostSyscalls linux = new HostSyscalls();
    private final MemorySegment mapped = SmallPages.map(linux, 2 * TABLE);
    /// The bytes that one page table maps.
    private final MemorySegment memory = mapped.asSlice(-mapped.address() & TABLE - 1, TABLE);
    private final OtherCore watcher;
    private long watchedAt = System.nanoTime();
    /// When the watcher was last interrupted.
    private volatile long interruptedAt;

    /// @param watchersCore another than the caller's
    public ZapProbe(int watchersCore) {
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
    public Measurement zapPte() {
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
        linux.call(SystemCall.MADVISE, memory.address(), pages * Region.PAGE, Mman.MADV_DONTNEED);
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
        linux.call(SystemCall.MUNMAP, mapped.address(), mapped.byteSize());
    }
}
