package io.janklab.kernel.cpu;

import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.TracedLock;
import java.util.Arrays;

/// The locks one task holds, in the order it took them (lockdep's `held_locks`).
public final class HeldLocks {
    private TracedLock[] locks = new TracedLock[8];
    private LockMode[] modes = new LockMode[8];
    private int count;

    public void push(TracedLock lock, LockMode mode) {
        if (count == locks.length) {
            locks = Arrays.copyOf(locks, count * 2);
            modes = Arrays.copyOf(modes, count * 2);
        }
        locks[count] = lock;
        modes[count++] = mode;
    }

    /// @throws KernelRuleBroken if the lock is not held
    public void remove(TracedLock lock) {
        int index = indexOf(lock);
        if (index < 0) {
            throw new KernelRuleBroken("released a lock that is not held: " + lock.lockClass().label() + " " + lock.name());
        }
        count--;
        System.arraycopy(locks, index + 1, locks, index, count - index);
        System.arraycopy(modes, index + 1, modes, index, count - index);
        locks[count] = null;
    }

    public void downgrade(TracedLock lock) {
        modes[indexOf(lock)] = LockMode.READ;
    }

    public boolean contains(TracedLock lock) {
        return indexOf(lock) >= 0;
    }

    public boolean contains(TracedLock lock, LockMode mode) {
        int index = indexOf(lock);
        return index >= 0 && modes[index] == mode;
    }

    public int count() {
        return count;
    }

    /// The `index`-th lock taken among those held.
    public TracedLock lock(int index) {
        return locks[index];
    }

    public LockMode mode(int index) {
        return modes[index];
    }

    private int indexOf(TracedLock lock) {
        for (int i = count - 1; i >= 0; i--) {
            if (locks[i] == lock) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public String toString() {
        if (count == 0) {
            return "no locks";
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(i == 0 ? "" : ", ").append(locks[i].lockClass().label());
            text.append(' ').append(locks[i].name()).append(" (").append(modes[i].label()).append(')');
        }
        return text.toString();
    }
}
