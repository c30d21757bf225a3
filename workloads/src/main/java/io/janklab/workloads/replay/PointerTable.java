package io.janklab.workloads.replay;

/// Live pointers of a trace and the block behind each: an open-addressing hash table, linear probing, backward-shift deletion.
final class PointerTable {
    static final int ABSENT = -1;

    private static final long EMPTY = 0;

    private long[] pointers = new long[1 << 13];
    private int[] blocks = new int[1 << 13];
    private int size;

    /// The block at `pointer`, or [#ABSENT].
    int get(long pointer) {
        int slot = slotOf(pointer);
        return pointers[slot] == pointer ? blocks[slot] : ABSENT;
    }

    /// Maps `pointer`, which must not be null.
    void put(long pointer, int block) {
        if (2 * size >= pointers.length) {
            rehash();
        }
        int slot = slotOf(pointer);
        if (pointers[slot] == EMPTY) {
            pointers[slot] = pointer;
            size++;
        }
        blocks[slot] = block;
    }

    /// Unmaps `pointer` and returns its block, or [#ABSENT].
    int remove(long pointer) {
        int slot = slotOf(pointer);
        if (pointers[slot] != pointer || pointer == EMPTY) {
            return ABSENT;
        }
        int block = blocks[slot];
        closeGap(slot);
        size--;
        return block;
    }

    private void closeGap(int gap) {
        int mask = pointers.length - 1;
        for (int next = (gap + 1) & mask; pointers[next] != EMPTY; next = (next + 1) & mask) {
            int home = home(pointers[next]);
            if (((next - home) & mask) >= ((next - gap) & mask)) {
                pointers[gap] = pointers[next];
                blocks[gap] = blocks[next];
                gap = next;
            }
        }
        pointers[gap] = EMPTY;
    }

    private int slotOf(long pointer) {
        int mask = pointers.length - 1;
        int slot = home(pointer);
        while (pointers[slot] != pointer && pointers[slot] != EMPTY) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private int home(long pointer) {
        return (int) ((pointer * 0x9E3779B97F4A7C15L) >>> 40) & (pointers.length - 1);
    }

    private void rehash() {
        long[] oldPointers = pointers;
        int[] oldBlocks = blocks;
        pointers = new long[2 * oldPointers.length];
        blocks = new int[2 * oldBlocks.length];
        size = 0;
        for (int slot = 0; slot < oldPointers.length; slot++) {
            if (oldPointers[slot] != EMPTY) {
                put(oldPointers[slot], oldBlocks[slot]);
            }
        }
    }
}
