package io.janklab.workloads.host.measure;

import io.janklab.workloads.host.sys.OtherCore;

/// The time that an interrupt takes from this core: another one zaps pages, and so flushes TLBs, while a thread here computes, or faults
/// pages in.
public final class InterruptProbe implements AutoCloseable {
    private static final long WATCH_NS = 300_000_000;
    private static final long NOW_AND_THEN_NS = 100_000;
    private static final long OFTEN_NS = 20_000;
    private static final long NEVER = 0;

    private final LoneProbes flusher = new LoneProbes();
    private final OtherCore other;
    private volatile long everyNs = NEVER;
    /// Written by the other core alone.
    private volatile long flushes;

    public InterruptProbe(int othersCore) {
        other = new OtherCore(othersCore, this::flush);
    }

    /// There is one writer.
    @SuppressWarnings("NonAtomicVolatileUpdate")
    private void flush() {
        long every = everyNs;
        if (every != NEVER) {
            flusher.flush(every);
            flushes = flushes + 1;
        }
    }

    /// The time missing from a thread that only computes.
    public Measurement ofComputing() {
        everyNs = NOW_AND_THEN_NS;
        Gaps here = new Gaps();
        here.watch(WATCH_NS);
        everyNs = NEVER;
        return here.lengths().measurement();
    }

    /// How much longer faults in a row take, for each interrupt.
    public Measurement ofFaulting(LoneProbes faulter) {
        return Measurement.of(() -> {
            double undisturbed = faulter.timeFaultsInARow();
            everyNs = OFTEN_NS;
            long before = flushes;
            double disturbed = faulter.timeFaultsInARow();
            long came = flushes - before;
            everyNs = NEVER;
            return Math.max(0, disturbed - undisturbed) / Math.max(1, came);
        });
    }

    @Override
    public void close() {
        other.close();
    }
}
