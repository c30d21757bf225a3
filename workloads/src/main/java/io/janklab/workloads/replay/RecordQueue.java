package io.janklab.workloads.replay;

/// Records that wait for their thread, first come first served, in a ring of reused records that grows with the longest queue there was.
final class RecordQueue {
    private TraceRecord[] ring = newRing(16);
    private int first;
    private int size;

    private static TraceRecord[] newRing(int capacity) {
        TraceRecord[] ring = new TraceRecord[capacity];
        for (int i = 0; i < capacity; i++) {
            ring[i] = new TraceRecord();
        }
        return ring;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /// Copies `record` to the end.
    void add(TraceRecord record) {
        if (size == ring.length) {
            grow();
        }
        at(size++).set(record);
    }

    private TraceRecord at(int position) {
        return ring[first + position & ring.length - 1];
    }

    private void grow() {
        TraceRecord[] larger = newRing(2 * size);
        for (int i = 0; i < size; i++) {
            larger[i] = at(i);
        }
        ring = larger;
        first = 0;
    }

    /// The first one; it stays as it is until it is removed.
    TraceRecord first() {
        return ring[first];
    }

    void removeFirst() {
        first = first + 1 & ring.length - 1;
        size--;
    }
}
