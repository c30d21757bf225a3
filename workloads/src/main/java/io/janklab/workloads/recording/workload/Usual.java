package io.janklab.workloads.recording.workload;

/// How long calls of one kind usually take: a running median, which a few long ones do not move.
public final class Usual {
    /// Until the first has been seen.
    private static final long FIRST_NS = 5_000;
    /// It moves by this part of itself, up or down.
    private static final int STEP = 16;
    /// An octave of lengths is cut into as many parts as these bits can tell, but for the highest, which is always set.
    private static final int QUARTERS = 3;

    private long ns;

    /// Calls that usually take as long: of one name, on ranges whose length (bytes) differs by less than a quarter.
    public static String kind(String call, long length) {
        int octave = octave(length);
        return octaveOf(call, length) + (octave < QUARTERS ? "" : "+" + (length >>> octave - QUARTERS & (1 << QUARTERS - 1) - 1));
    }

    /// Calls of one name, on ranges whose length (bytes) differs by less than a factor of two.
    public static String octaveOf(String call, long length) {
        return call + " of 2^" + octave(length);
    }

    private static int octave(long length) {
        return Long.SIZE - Long.numberOfLeadingZeros(length);
    }

    public void add(long took) {
        if (ns == 0) {
            ns = took;
        } else {
            ns += Long.signum(took - ns) * Math.max(1, ns / STEP);
        }
    }

    /// In ns.
    public long ns() {
        return ns == 0 ? FIRST_NS : ns;
    }
}
