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
    private int count;

    /// Calls that usually take as long: of one name, on ranges whose length (bytes) differs by less than a quarter.
    public static String kind(String call, long length) {
        int octave = octave(length);
        return octaveOf(call, length) + (octave < QUARTERS ? "" : "+" + (length >>> octave - QUARTERS & (1 << QUARTERS - 1) - 1));
    }

    /// Calls of one name, on ranges whose length (bytes) differs by less than a factor of two.
    public static String octaveOf(String call, long length) {
        return ofOctaves(call) + octave(length);
    }

    /// Whether `kind` is an [#octaveOf] calls of that name.
    public static boolean isOctaveOf(String call, String kind) {
        return kind.startsWith(ofOctaves(call));
    }

    /// Whether `kind` is an [#octaveOf] calls of any name.
    public static boolean isOctave(String kind) {
        return kind.contains(ofOctaves(""));
    }

    /// No length (bytes) in an [#octaveOf] is greater.
    public static long longestIn(String octave) {
        return (1L << Integer.parseInt(octave.substring(octave.lastIndexOf('^') + 1))) - 1;
    }

    private static String ofOctaves(String call) {
        return call + " of 2^";
    }

    private static int octave(long length) {
        return Long.SIZE - Long.numberOfLeadingZeros(length);
    }

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
