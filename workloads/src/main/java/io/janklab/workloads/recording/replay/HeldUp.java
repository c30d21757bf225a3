package io.janklab.workloads.recording.replay;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// How long recorded calls were held up by what no event shows: an interrupt, or the hypervisor.
///
/// Such a call took more than twice as long as what it does takes. The end of a thread is delayed by what it does besides memory.
public final class HeldUp {
    static final HeldUp NONE = new HeldUp();
    private static final int MANY = 2;

    private static final class OfThread {
        private long[] delays = new long[16];
        private int count;

        void add(long ns) {
            delays = count == delays.length ? Arrays.copyOf(delays, 2 * count) : delays;
            delays[count++] = ns;
        }
    }

    private final Map<Integer, OfThread> byThread = new HashMap<>();

    /// The next [io.janklab.workloads.recording.workload.Op#TOOK] of a thread.
    void add(int thread, long delayNs) {
        byThread.computeIfAbsent(thread, index -> new OfThread()).add(delayNs);
    }

    /// How long a call was held up (ns) that took so long, and does what takes so long.
    static long delayNs(long tookNs, double doesNs) {
        return tookNs > MANY * doesNs ? Math.round(tookNs - doesNs) : 0;
    }

    /// The delay (ns) of a thread's [io.janklab.workloads.recording.workload.Op#TOOK] of that number, from 0; 0 if it was none.
    long of(int thread, int number) {
        OfThread delays = byThread.get(thread);
        return delays == null || number >= delays.count ? 0 : delays.delays[number];
    }
}
