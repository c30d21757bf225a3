package io.janklab.explore;

/// Sets of small numbers as bits.
public final class Bits {
    private Bits() {}

    /// The `n`-th lowest member, from 0.
    public static int nth(long set, int n) {
        long rest = set;
        for (int i = 0; i < n; i++) {
            rest &= rest - 1;
        }
        return Long.numberOfTrailingZeros(rest);
    }

    public static long of(int member) {
        return 1L << member;
    }

    public static boolean contains(long set, int member) {
        return (set >>> member & 1) != 0;
    }
}
