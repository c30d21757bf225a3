package io.janklab.dashboards.measure;

import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.TracedLock;
import java.util.Arrays;

/// The locks one task holds, in order of acquisition; since when (ns) and in which mode.
final class HeldLocks {
    private TracedLock[] locks = new TracedLock[4];
    private LockMode[] modes = new LockMode[4];
    private long[] since = new long[4];
    private int size;

    void add(TracedLock lock, LockMode mode, long now) {
        if (size == locks.length) {
            grow();
        }
        locks[size] = lock;
        modes[size] = mode;
        since[size] = now;
        size++;
    }

    private void grow() {
        locks = Arrays.copyOf(locks, size * 2);
        modes = Arrays.copyOf(modes, size * 2);
        since = Arrays.copyOf(since, size * 2);
    }

    /// Index of the latest hold of `lock`, or −1.
    int indexOf(TracedLock lock) {
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

    void remove(int index) {
        int moved = size - index - 1;
        System.arraycopy(locks, index + 1, locks, index, moved);
        System.arraycopy(modes, index + 1, modes, index, moved);
        System.arraycopy(since, index + 1, since, index, moved);
        size--;
        locks[size] = null;
    }
}
