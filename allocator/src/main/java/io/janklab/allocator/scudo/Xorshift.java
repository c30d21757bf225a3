package io.janklab.allocator.scudo;

/// Scudo's random numbers (`getRandomU32` in `common.h`).
final class Xorshift {
    private int state;

    /// @param seed any but 0
    Xorshift(int seed) {
        state = seed;
    }

    int next() {
        state ^= state << 13;
        state ^= state >>> 17;
        state ^= state << 5;
        return state;
    }

    /// From 0 to `bound` − 1.
    int below(int bound) {
        return Integer.remainderUnsigned(next(), bound);
    }

    /// Puts `count` numbers from `from` on into random order.
    void shuffle(int[] numbers, int from, int count) {
        for (int i = count - 1; i > 0; i--) {
            int other = from + below(i + 1);
            int swapped = numbers[from + i];
            numbers[from + i] = numbers[other];
            numbers[other] = swapped;
        }
    }
}
