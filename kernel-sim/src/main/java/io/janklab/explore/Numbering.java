package io.janklab.explore;

import java.util.Arrays;

/// Numbers objects 0, 1, 2 … in the order they come: a hash table by open addressing.
final class Numbering {
    static final int UNKNOWN = -1;

    /// By number.
    private long[] keys = new long[32];
    private int count;
    /// By hash: one more than a number, or 0 where nothing is.
    private int[] slots = new int[128];

    int count() {
        return count;
    }

    void clear() {
        Arrays.fill(slots, 0);
        count = 0;
    }

    /// The object's number, or [#UNKNOWN].
    int find(long key) {
        return slots[slot(key)] - 1;
    }

    /// The object's number, a new one if it has none.
    int numberOf(long key) {
        int slot = slot(key);
        return slots[slot] == 0 ? add(slot, key) : slots[slot] - 1;
    }

    private int add(int slot, long key) {
        if (count == keys.length) {
            keys = Arrays.copyOf(keys, count * 2);
        }
        keys[count++] = key;
        slots[slot] = count;
        if (count * 4 > slots.length) {
            grow();
        }
        return count - 1;
    }

    private int slot(long key) {
        int mask = slots.length - 1;
        // The kind of an object only shows in the highest bits.
        long hash = key * 0x9E3779B97F4A7C15L;
        int slot = (int) (hash >>> 40 ^ hash >>> 55) & mask;
        while (slots[slot] != 0 && keys[slots[slot] - 1] != key) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private void grow() {
        slots = new int[slots.length * 2];
        for (int number = 0; number < count; number++) {
            slots[slot(keys[number])] = number + 1;
        }
    }
}
