package io.janklab.sim;

import java.util.Arrays;

/// A 4-ary heap of event slots, ordered by (time, order), on primitive arrays.
///
/// Comparisons touch only two `long[]`; a position table makes moving and removing a queued event O(log n).
final class EventQueue {
    private static final int ARITY = 4;
    private static final int NOT_QUEUED = -1;

    // Parallel arrays, indexed by heap position.
    private long[] times = new long[32];
    private long[] orders = new long[32];
    private int[] slots = new int[32];
    private int size;

    // Indexed by slot.
    private int[] positions = new int[64];
    private int slotCount;

    /// A slot for one more event, which is not queued.
    int newSlot() {
        if (slotCount == positions.length) {
            positions = Arrays.copyOf(positions, slotCount * 2);
        }
        positions[slotCount] = NOT_QUEUED;
        return slotCount++;
    }

    /// A bit for each queued slot.
    long mask() {
        long mask = 0;
        for (int i = 0; i < size; i++) {
            if (slots[i] >= Long.SIZE) {
                throw new IllegalStateException("only the first 64 events of a simulation can be told apart here");
            }
            mask |= 1L << slots[i];
        }
        return mask;
    }

    /// The earliest queued time, or [Long#MAX_VALUE] if nothing is queued.
    long nextTime() {
        return size == 0 ? Long.MAX_VALUE : times[0];
    }

    boolean contains(int slot) {
        return positions[slot] != NOT_QUEUED;
    }

    long timeOf(int slot) {
        int position = positions[slot];
        if (position == NOT_QUEUED) {
            throw new IllegalStateException("the event is not queued");
        }
        return times[position];
    }

    void put(int slot, long time, long order) {
        int position = positions[slot];
        if (position == NOT_QUEUED) {
            if (size == times.length) {
                grow();
            }
            siftUp(size++, slot, time, order);
        } else if (time < times[position] || (time == times[position] && order < orders[position])) {
            siftUp(position, slot, time, order);
        } else {
            siftDown(position, slot, time, order);
        }
    }

    void remove(int slot) {
        int position = positions[slot];
        if (position == NOT_QUEUED) {
            return;
        }
        positions[slot] = NOT_QUEUED;
        fillHole(position);
    }

    /// Removes the first event, and returns its slot.
    int poll() {
        int slot = slots[0];
        positions[slot] = NOT_QUEUED;
        fillHole(0);
        return slot;
    }

    /// Puts the last entry where a hole was left.
    private void fillHole(int hole) {
        int last = --size;
        if (hole == last) {
            return;
        }
        int slot = slots[last];
        long time = times[last];
        long order = orders[last];
        int parent = (hole - 1) / ARITY;
        if (hole > 0 && precedes(time, order, parent)) {
            siftUp(hole, slot, time, order);
        } else {
            siftDown(hole, slot, time, order);
        }
    }

    private boolean precedes(long time, long order, int position) {
        return time < times[position] || (time == times[position] && order < orders[position]);
    }

    private void siftUp(int position, int slot, long time, long order) {
        while (position > 0) {
            int parent = (position - 1) / ARITY;
            if (!precedes(time, order, parent)) {
                break;
            }
            move(parent, position);
            position = parent;
        }
        set(position, slot, time, order);
    }

    private void siftDown(int position, int slot, long time, long order) {
        while (true) {
            int first = position * ARITY + 1;
            if (first >= size) {
                break;
            }
            int least = first;
            int end = Math.min(first + ARITY, size);
            for (int child = first + 1; child < end; child++) {
                if (precedes(times[child], orders[child], least)) {
                    least = child;
                }
            }
            if (!precedes(times[least], orders[least], time, order)) {
                break;
            }
            move(least, position);
            position = least;
        }
        set(position, slot, time, order);
    }

    private static boolean precedes(long time, long order, long otherTime, long otherOrder) {
        return time < otherTime || (time == otherTime && order < otherOrder);
    }

    private void move(int from, int to) {
        times[to] = times[from];
        orders[to] = orders[from];
        int slot = slots[from];
        slots[to] = slot;
        positions[slot] = to;
    }

    private void set(int position, int slot, long time, long order) {
        times[position] = time;
        orders[position] = order;
        slots[position] = slot;
        positions[slot] = position;
    }

    private void grow() {
        int capacity = size * 2;
        times = Arrays.copyOf(times, capacity);
        orders = Arrays.copyOf(orders, capacity);
        slots = Arrays.copyOf(slots, capacity);
    }
}
