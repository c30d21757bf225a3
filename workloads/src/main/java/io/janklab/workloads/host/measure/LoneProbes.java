package io.janklab.workloads.host.measure;

import io.janklab.kernel.uapi.Mman;
import io.janklab.program.Region;
import io.janklab.workloads.host.sys.HostSyscalls;
import io.janklab.workloads.host.sys.SmallPages;
import io.janklab.workloads.host.sys.SystemCall;
import io.janklab.workloads.host.sys.UserMode;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Experiments with single faults and calls, a while in user mode before each, so that the kernel is as cold as for a program that calls it
/// occasionally.
public final class LoneProbes {
    private static final long USER_MODE_NS = 500_000;
    private static final int FAULTS = 2_000;
    private static final int FLUSHES = 1_000;
    private static final int PAGES = 512;
    private static final long BYTES = PAGES * Region.PAGE;
    /// `FOLIO_BATCH_SIZE`: with this many fresh folios the core's LRU batch is full.
    public static final int LRU_BATCH = 31;

    private final HostSyscalls linux = new HostSyscalls();
    private final MemorySegment memory = SmallPages.map(linux, BYTES);
    /// Of faults before which the core was left alone.
    private final Samples quiet = new Samples(FAULTS);
    /// Of those before which it was interrupted.
    private final Samples interrupted = new Samples(FAULTS);

    private void store(int page) {
        memory.set(ValueLayout.JAVA_BYTE, page * Region.PAGE, (byte) 1);
    }

    private void discard(long bytes) {
        linux.call(SystemCall.MADVISE, memory.address(), bytes, Mman.MADV_DONTNEED);
    }

    /// Single write faults.
    public void faults() {
        Gaps gaps = new Gaps();
        for (int i = 0; i < FAULTS; i++) {
            if (i % PAGES == 0) {
                discard(BYTES);
                store(0);
            }
            boolean disturbed = gaps.watch(USER_MODE_NS);
            long began = System.nanoTime();
            store(i % PAGES);
            (disturbed ? interrupted : quiet).add(System.nanoTime() - began);
        }
    }

    public Samples quietFaults() {
        return quiet;
    }

    public Samples interruptedFaults() {
        return interrupted;
    }

    /// Faults in a row, each by itself: one of every [#LRU_BATCH] drains the batch.
    public void faultsInARow(Samples samples) {
        discard(BYTES);
        store(0);
        for (int page = 1; page < PAGES; page++) {
            long began = System.nanoTime();
            store(page);
            samples.add(System.nanoTime() - began);
        }
    }

    /// ns for a table's faults in a row.
    double timeFaultsInARow() {
        discard(BYTES);
        store(0);
        long began = System.nanoTime();
        for (int page = 1; page < PAGES; page++) {
            store(page);
        }
        return System.nanoTime() - began;
    }

    /// A page zapped, `everyNs` after the last one.
    void flush(long everyNs) {
        store(0);
        UserMode.stay(everyNs);
        discard(Region.PAGE);
    }

    /// Pages zapped one at a time, and so TLB flushes of one page.
    public Samples flushes() {
        Samples samples = new Samples(FLUSHES);
        for (int i = 0; i < FLUSHES; i++) {
            store(0);
            UserMode.stay(USER_MODE_NS);
            long began = System.nanoTime();
            discard(Region.PAGE);
            samples.add(System.nanoTime() - began);
        }
        return samples;
    }
}
