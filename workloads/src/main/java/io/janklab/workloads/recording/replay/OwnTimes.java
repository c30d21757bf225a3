package io.janklab.workloads.recording.replay;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// Recorded calls that took more than twice as long as what they do takes at the fitted costs, or less than half as long: in a replay each
/// takes its own time. Longer ones were held up by what no event shows, an interrupt or the hypervisor; they are delayed. Shorter ones
/// found what they needed in caches; all that they do takes less. The end of a thread is always delayed: by what it does besides memory.
public final class OwnTimes {
    static final OwnTimes NONE = new OwnTimes();
    private static final int MANY = 2;

    /// Of each call how much longer (ns) it took or, if it took less, how many times what it does, minus one: a value below zero.
    private static final class OfThread {
        private double[] values = new double[16];
        private int count;

        void add(double value) {
            values = count == values.length ? Arrays.copyOf(values, 2 * count) : values;
            values[count++] = value;
        }
    }

    private final Map<Integer, OfThread> byThread = new HashMap<>();

    private void add(int thread, double value) {
        byThread.computeIfAbsent(thread, index -> new OfThread()).add(value);
    }

    /// The next [io.janklab.workloads.recording.workload.Op#TOOK] of a thread.
    ///
    /// @param tookNs in the recording
    /// @param doesNs what the call does takes so long
    /// @param fixedNs the part of it that does not shrink with the rest
    void addCall(int thread, long tookNs, double doesNs, double fixedNs) {
        if (takesUsualTime(tookNs, doesNs)) {
            add(thread, 0);
        } else {
            add(thread, tookNs > doesNs ? tookNs - doesNs : Math.max(0, tookNs - fixedNs) / (doesNs - fixedNs) - 1);
        }
    }

    /// The same for a thread's end.
    void addEnd(int thread, long tookNs, double doesNs) {
        add(thread, Math.max(0, tookNs - doesNs));
    }

    /// Whether a call took about as long as what it does takes.
    static boolean takesUsualTime(long tookNs, double doesNs) {
        return tookNs <= MANY * doesNs && MANY * tookNs >= doesNs;
    }

    private double of(int thread, int number) {
        OfThread values = byThread.get(thread);
        return values == null || number >= values.count ? 0 : values.values[number];
    }

    /// By how much (ns) a thread's [io.janklab.workloads.recording.workload.Op#TOOK] of that number, from 0, is delayed.
    long delayNs(int thread, int number) {
        return Math.max(0, Math.round(of(thread, number)));
    }

    /// How many times as long what it does takes.
    double scale(int thread, int number) {
        return 1 + Math.min(0, of(thread, number));
    }
}
