package io.janklab.allocator.arena;

/// jemalloc's linear congruential generator (`prng.h`).
final class Prng {
    private long state;

    Prng(long seed) {
        this.state = seed;
    }

    /// Uniform in [0, 2^`lgRange`), `lgRange` from 1 to 63.
    long bits(int lgRange) {
        state = state * 6364136223846793005L + 1442695040888963407L;
        return state >>> (64 - lgRange);
    }

    /// Uniform in [0, `bound`).
    long below(long bound) {
        if (bound == 1) {
            return 0;
        }
        int lgRange = SizeClasses.lgCeil(bound);
        long drawn;
        do {
            drawn = bits(lgRange);
        } while (drawn >= bound);
        return drawn;
    }
}
