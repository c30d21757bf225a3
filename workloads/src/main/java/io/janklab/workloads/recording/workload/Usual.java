package io.janklab.workloads.recording.workload;

/// How long calls of one kind usually take: a running median, which a few long ones do not move.
public final class Usual {
    /// Until the first has been seen.
    private static final long FIRST_NS = 5_000;
    /// It moves by this part of itself, up or down.
    private static final int STEP = 16;

    private long ns;
    private int count;

    public void add(long took) {
        count++;
        if (ns == 0) {
            ns = took;
        } else {
            ns += Long.signum(took - ns) * Math.max(1, ns / STEP);
        }
    }

    /// How many have been seen.
    public int count() {
        return count;
    }

    /// In ns.
    public long ns() {
        return ns == 0 ? FIRST_NS : ns;
    }
}
