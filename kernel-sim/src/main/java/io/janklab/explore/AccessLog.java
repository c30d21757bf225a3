package io.janklab.explore;

import io.janklab.kernel.interleave.Shared;
import java.util.Arrays;

/// The accesses of each step of one run, from which it follows which steps commute.
public final class AccessLog {
    /// In an object, its kind lies above its number among those of its kind.
    private static final int KIND_SHIFT = 55;

    /// The kind of access. Two accesses to it commute if both read or both add.
    public static final int READ = 0;
    public static final int ADD = 1;
    static final int WRITE = 2;
    private static final int MODES = 3;
    /// Others could go before it, as opposed to accesses that go with the one before.
    private static final int POINT = 4;
    private static final int OBJECT_SHIFT = 3;

    /// The mode, [#POINT], and the object above them.
    private long[] accesses = new long[256];
    private int count;
    /// Where the accesses of each step begin.
    private int[] first = new int[64];
    /// The actor of each step.
    private byte[] actors = new byte[64];
    private int steps;

    void beginStep(int actor) {
        if (steps == first.length) {
            first = Arrays.copyOf(first, steps * 2);
            actors = Arrays.copyOf(actors, steps * 2);
        }
        actors[steps] = (byte) actor;
        first[steps++] = count;
    }

    public void add(Shared kind, long id, int mode, boolean point) {
        if (count == accesses.length) {
            accesses = Arrays.copyOf(accesses, count * 2);
        }
        accesses[count++] = object(kind, id) << OBJECT_SHIFT | mode | (point ? POINT : 0);
    }

    public int actor(int step) {
        return actors[step];
    }

    public int steps() {
        return steps;
    }

    public int begin(int step) {
        return first[step];
    }

    public int end(int step) {
        return step + 1 < steps ? first[step + 1] : count;
    }

    public long access(int at) {
        return accesses[at];
    }

    /// A copy of one step's accesses.
    public long[] of(int step) {
        return Arrays.copyOfRange(accesses, begin(step), end(step));
    }

    /// Whether the last step conflicts with another one that has those accesses.
    public boolean conflictsWithLast(long[] others) {
        for (int at = begin(steps - 1); at < count; at++) {
            for (long other : others) {
                if (conflict(accesses[at], other)) {
                    return true;
                }
            }
        }
        return false;
    }

    static boolean conflict(long one, long other) {
        return object(one) == object(other) && (mode(one) != mode(other) || mode(one) == WRITE);
    }

    public static int mode(long access) {
        return (int) access & MODES;
    }

    static boolean isPoint(long access) {
        return (access & POINT) != 0;
    }

    static long object(long access) {
        return access >>> OBJECT_SHIFT;
    }

    static long object(Shared kind, long id) {
        return (long) kind.ordinal() << KIND_SHIFT | (id & (1L << KIND_SHIFT) - 1);
    }
}
