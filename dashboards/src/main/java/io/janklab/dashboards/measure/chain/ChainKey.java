package io.janklab.dashboards.measure.chain;

import java.util.Arrays;

/// The identity of a [io.janklab.dashboards.measure.tally.Chain] as a few numbers, so that finding a known chain allocates nothing.
final class ChainKey {
    private long[] words = new long[8];
    private int size;

    void clear() {
        size = 0;
    }

    void add(long word) {
        if (size == words.length) {
            words = Arrays.copyOf(words, size * 2);
        }
        words[size++] = word;
    }

    ChainKey copy() {
        ChainKey copy = new ChainKey();
        copy.words = Arrays.copyOf(words, size);
        copy.size = size;
        return copy;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ChainKey that && Arrays.equals(words, 0, size, that.words, 0, that.size);
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = 0; i < size; i++) {
            hash = 31 * hash + Long.hashCode(words[i]);
        }
        return hash;
    }
}
