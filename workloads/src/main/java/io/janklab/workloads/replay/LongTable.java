package io.janklab.workloads.replay;

/// A map from keys other than 0 to values other than −1: an open-addressing hash table, linear probing, backward-shift deletion.
///
/// Keys in a row, as blocks allocated one after the other have them, share a cache line.
final class LongTable {
    static final long ABSENT = -1;

    private static final long EMPTY = 0;
    /// Eight keys are 64 bytes.
    private static final int LINE_SHIFT = 3;
    private static final long LINE_MASK = (1 << LINE_SHIFT) - 1;

    private long[] keys = new long[1 << 13];
    private long[] values = new long[1 << 13];
    private int size;

    /// The value of `key`, or [#ABSENT].
    long get(long key) {
        int slot = slotOf(key);
        return keys[slot] == EMPTY ? ABSENT : values[slot];
    }

    /// Maps `key`, which must not be 0.
    void put(long key, long value) {
        if (2 * size >= keys.length) {
            rehash();
        }
        int slot = slotOf(key);
        if (keys[slot] == EMPTY) {
            keys[slot] = key;
            size++;
        }
        values[slot] = value;
    }

    /// Unmaps `key` and returns its value, or [#ABSENT].
    long remove(long key) {
        int slot = slotOf(key);
        if (keys[slot] == EMPTY) {
            return ABSENT;
        }
        long value = values[slot];
        closeGap(slot);
        size--;
        return value;
    }

    private void closeGap(int gap) {
        int mask = keys.length - 1;
        for (int next = (gap + 1) & mask; keys[next] != EMPTY; next = (next + 1) & mask) {
            int home = home(keys[next]);
            if (((next - home) & mask) >= ((next - gap) & mask)) {
                keys[gap] = keys[next];
                values[gap] = values[next];
                gap = next;
            }
        }
        keys[gap] = EMPTY;
    }

    private int slotOf(long key) {
        int mask = keys.length - 1;
        int slot = home(key);
        while (keys[slot] != key && keys[slot] != EMPTY) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private int home(long key) {
        long line = (key >>> LINE_SHIFT) * 0x9E3779B97F4A7C15L >>> 40;
        return (int) (line << LINE_SHIFT | key & LINE_MASK) & (keys.length - 1);
    }

    private void rehash() {
        long[] oldKeys = keys;
        long[] oldValues = values;
        keys = new long[2 * oldKeys.length];
        values = new long[2 * oldValues.length];
        size = 0;
        for (int slot = 0; slot < oldKeys.length; slot++) {
            if (oldKeys[slot] != EMPTY) {
                put(oldKeys[slot], oldValues[slot]);
            }
        }
    }
}
