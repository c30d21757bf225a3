package io.janklab.dashboards.measure.mirror;

import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.TracedLock;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The locks one task holds, in order of acquisition; since when (ns), in which mode, and its place in the lock's queue, if the lock has
/// one. The first and the last one are found in constant time.
public final class LockHolds {
    private TracedLock[] locks = new TracedLock[4];
    private LockMode[] modes = new LockMode[4];
    private long[] since = new long[4];
    private LockPlace[] places = new LockPlace[4];
    private int size;

    public void add(TracedLock lock, LockMode mode, long now) {
        if (size == locks.length) {
            grow();
        }
        locks[size] = lock;
        modes[size] = mode;
        since[size] = now;
        places[size] = null;
        size++;
    }

    private void grow() {
        locks = Arrays.copyOf(locks, size * 2);
        modes = Arrays.copyOf(modes, size * 2);
        since = Arrays.copyOf(since, size * 2);
        places = Arrays.copyOf(places, size * 2);
    }

    /// Index of the hold of `lock`, or −1.
    int indexOf(TracedLock lock) {
        for (int last = size - 1, first = 0; last >= first; last--, first++) {
            if (locks[last] == lock) {
                return last;
            }
            if (locks[first] == lock) {
                return first;
            }
        }
        return -1;
    }

    public int size() {
        return size;
    }

    public TracedLock lock(int index) {
        return locks[index];
    }

    public LockMode mode(int index) {
        return modes[index];
    }

    public long since(int index) {
        return since[index];
    }

    public void place(int index, LockPlace place) {
        places[index] = place;
    }

    /// Null if no task waited for the lock at the last check.
    @Nullable LockPlace place(int index) {
        return places[index];
    }

    void remove(int index) {
        int moved = size - index - 1;
        if (moved > 0) {
            System.arraycopy(locks, index + 1, locks, index, moved);
            System.arraycopy(modes, index + 1, modes, index, moved);
            System.arraycopy(since, index + 1, since, index, moved);
            System.arraycopy(places, index + 1, places, index, moved);
        }
        size--;
        locks[size] = null;
        places[size] = null;
    }
}
