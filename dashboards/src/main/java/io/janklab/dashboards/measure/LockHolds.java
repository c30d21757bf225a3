package io.janklab.dashboards.measure;

import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.TracedLock;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;

/// The locks one task holds, in order of acquisition; since when (ns), in which mode, and where that stands in the lock's queue, if the
/// lock has one. However many there are, each is found at once, and what was taken last is removed at once.
final class LockHolds {
    /// So many are looked through.
    private static final int FEW = 8;

    private TracedLock[] locks = new TracedLock[4];
    private LockMode[] modes = new LockMode[4];
    private long[] since = new long[4];
    private LockPlace[] places = new LockPlace[4];
    private int size;
    /// Where each is, or empty while they are few.
    private final Map<TracedLock, Integer> indexes = new IdentityHashMap<>();

    void add(TracedLock lock, LockMode mode, long now) {
        if (size == locks.length) {
            grow();
        }
        locks[size] = lock;
        modes[size] = mode;
        since[size] = now;
        places[size] = null;
        size++;
        if (size > FEW) {
            index(indexes.isEmpty() ? 0 : size - 1);
        }
    }

    private void index(int from) {
        for (int i = from; i < size; i++) {
            indexes.put(locks[i], i);
        }
    }

    private void grow() {
        locks = Arrays.copyOf(locks, size * 2);
        modes = Arrays.copyOf(modes, size * 2);
        since = Arrays.copyOf(since, size * 2);
        places = Arrays.copyOf(places, size * 2);
    }

    /// Index of the hold of `lock`, or −1.
    int indexOf(TracedLock lock) {
        if (!indexes.isEmpty()) {
            return indexes.getOrDefault(lock, -1);
        }
        for (int i = size - 1; i >= 0; i--) {
            if (locks[i] == lock) {
                return i;
            }
        }
        return -1;
    }

    int size() {
        return size;
    }

    TracedLock lock(int index) {
        return locks[index];
    }

    LockMode mode(int index) {
        return modes[index];
    }

    long since(int index) {
        return since[index];
    }

    void place(int index, LockPlace place) {
        places[index] = place;
    }

    /// Null if nobody waited for the lock when it was last looked at.
    LockPlace place(int index) {
        return places[index];
    }

    void remove(int index) {
        indexes.remove(locks[index]);
        int moved = size - index - 1;
        System.arraycopy(locks, index + 1, locks, index, moved);
        System.arraycopy(modes, index + 1, modes, index, moved);
        System.arraycopy(since, index + 1, since, index, moved);
        System.arraycopy(places, index + 1, places, index, moved);
        size--;
        locks[size] = null;
        places[size] = null;
        if (size <= FEW) {
            indexes.clear();
        } else {
            index(index);
        }
    }
}
