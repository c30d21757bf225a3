package io.janklab.explore;

import java.util.Arrays;

/// For each object of one run, who wrote it last and when each actor read it last: a hash table by open addressing.
final class ObjectTable {
    static final int LAST_WRITE = 0;
    static final int FIRST_READER = 1;

    private static final long FREE = -1;
    private static final int NEVER = -1;

    private long[] keys = new long[128];
    private int[][] values = new int[128][];
    private int count;

    ObjectTable() {
        Arrays.fill(keys, FREE);
    }

    /// Steps by [#LAST_WRITE] and, from [#FIRST_READER] on, by actor; null if nobody has accessed it yet.
    int[] find(long access) {
        return values[slot(AccessLog.object(access))];
    }

    void accessed(long access, int actor, int step) {
        int slot = slot(AccessLog.object(access));
        if (keys[slot] == FREE) {
            keys[slot] = AccessLog.object(access);
            values[slot] = new int[FIRST_READER + Long.SIZE];
            Arrays.fill(values[slot], NEVER);
            count++;
        }
        values[slot][AccessLog.writes(access) ? LAST_WRITE : FIRST_READER + actor] = step;
        if (count * 2 > keys.length) {
            grow();
        }
    }

    private int slot(long key) {
        int mask = keys.length - 1;
        int slot = (int) (key * 0x9E3779B97F4A7C15L >>> 40) & mask;
        while (keys[slot] != FREE && keys[slot] != key) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[][] oldValues = values;
        keys = new long[oldKeys.length * 2];
        values = new int[oldKeys.length * 2][];
        Arrays.fill(keys, FREE);
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != FREE) {
                int slot = slot(oldKeys[i]);
                keys[slot] = oldKeys[i];
                values[slot] = oldValues[i];
            }
        }
    }
}
