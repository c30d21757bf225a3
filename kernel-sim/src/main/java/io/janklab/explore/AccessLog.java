package io.janklab.explore;

import io.janklab.kernel.interleave.Shared;
import java.util.Arrays;

/// What each step of one run has accessed, so that it can be told which steps could change places.
final class AccessLog {
    /// Low bit: written. Above: the kind, and the object's number among those of its kind.
    private static final int KIND_SHIFT = 56;
    private static final Shared[] KINDS = Shared.values();

    private long[] accesses = new long[256];
    private int count;
    /// Where the accesses of each step begin.
    private int[] first = new int[64];
    private int steps;

    void beginStep() {
        if (steps == first.length) {
            first = Arrays.copyOf(first, steps * 2);
        }
        first[steps++] = count;
    }

    void add(Shared kind, long id, boolean write) {
        if (count == accesses.length) {
            accesses = Arrays.copyOf(accesses, count * 2);
        }
        accesses[count++] = (long) kind.ordinal() << KIND_SHIFT | (id << 1 & (1L << KIND_SHIFT) - 1) | (write ? 1 : 0);
    }

    int steps() {
        return steps;
    }

    int begin(int step) {
        return first[step];
    }

    int end(int step) {
        return step + 1 < steps ? first[step + 1] : count;
    }

    long access(int at) {
        return accesses[at];
    }

    /// A copy of one step's accesses.
    long[] of(int step) {
        return Arrays.copyOfRange(accesses, begin(step), end(step));
    }

    /// Whether the last step and another one, with those accesses, cannot change places.
    boolean conflictsWithLast(long[] others) {
        for (int at = begin(steps - 1); at < count; at++) {
            for (long other : others) {
                if (conflict(accesses[at], other)) {
                    return true;
                }
            }
        }
        return false;
    }

    /// The same object, and one of them writes.
    static boolean conflict(long one, long other) {
        return one >>> 1 == other >>> 1 && ((one | other) & 1) != 0;
    }

    static boolean writes(long access) {
        return (access & 1) != 0;
    }

    static long object(long access) {
        return access >>> 1;
    }
}
