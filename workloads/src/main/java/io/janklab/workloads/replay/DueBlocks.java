package io.janklab.workloads.replay;

import java.util.Arrays;

/// Blocks in the order in which they are to be released, of equals the one allocated first: a binary heap in columns.
final class DueBlocks {
    private long[] due = new long[64];
    private long[] blocks = new long[64];
    private long[] sizes = new long[64];
    private int count;
    private long block;
    private long size;

    int count() {
        return count;
    }

    void add(long dueAt, long newBlock, long newSize) {
        if (count == due.length) {
            grow();
        }
        int hole = count++;
        while (hole > 0 && isBefore(dueAt, newBlock, (hole - 1) / 2)) {
            move((hole - 1) / 2, hole);
            hole = (hole - 1) / 2;
        }
        put(hole, dueAt, newBlock, newSize);
    }

    private void grow() {
        due = Arrays.copyOf(due, 2 * count);
        blocks = Arrays.copyOf(blocks, 2 * count);
        sizes = Arrays.copyOf(sizes, 2 * count);
    }

    private boolean isBefore(long dueAt, long otherBlock, int place) {
        return dueAt < due[place] || (dueAt == due[place] && otherBlock < blocks[place]);
    }

    private void move(int from, int to) {
        put(to, due[from], blocks[from], sizes[from]);
    }

    private void put(int place, long dueAt, long newBlock, long newSize) {
        due[place] = dueAt;
        blocks[place] = newBlock;
        sizes[place] = newSize;
    }

    /// Takes the first block that is due at `now` or before; returns whether there is one.
    boolean take(long now) {
        if (count == 0 || due[0] > now) {
            return false;
        }
        block = blocks[0];
        size = sizes[0];
        count--;
        sinkLastFromTop();
        return true;
    }

    private void sinkLastFromTop() {
        int hole = 0;
        for (int child = earlierChild(hole); child < count && isBefore(due[child], blocks[child], count); child = earlierChild(hole)) {
            move(child, hole);
            hole = child;
        }
        move(count, hole);
    }

    private int earlierChild(int place) {
        int left = 2 * place + 1;
        int right = left + 1;
        return right < count && isBefore(due[right], blocks[right], left) ? right : left;
    }

    /// The block taken last.
    long block() {
        return block;
    }

    /// Its size in bytes.
    long size() {
        return size;
    }
}
