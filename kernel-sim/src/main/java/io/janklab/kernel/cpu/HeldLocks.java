package io.janklab.kernel.cpu;

import io.janklab.kernel.trace.LockClass;
import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.TracedLock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The locks one task holds, in the order it took them (lockdep's `held_locks`), each once.
///
/// A few are kept in arrays. A writer that unmaps 65,530 VMAs holds as many locks: from [#FEW] on they are in a map, so that no lookup gets
/// slower with their number.
public final class HeldLocks {
    private static final int FEW = 16;
    private static final int MODES = LockMode.values().length;
    /// How many are shown if there are many.
    private static final int SHOWN = 8;

    private final TracedLock[] locks = new TracedLock[FEW];
    private final LockMode[] modes = new LockMode[FEW];
    private int few;
    /// All of them, or empty while they are few.
    private final Map<TracedLock, LockMode> many = new LinkedHashMap<>();
    private final int[] ofKind = new int[LockClass.values().length * MODES];
    private int kinds;

    /// The bit in [#kinds] that stands for locks of that class in that mode.
    public static int kind(LockClass lockClass, LockMode mode) {
        return 1 << index(lockClass, mode);
    }

    private static int index(LockClass lockClass, LockMode mode) {
        return lockClass.ordinal() * MODES + mode.ordinal();
    }

    public void push(TracedLock lock, LockMode mode) {
        if (few == FEW) {
            spill();
        }
        if (many.isEmpty()) {
            locks[few] = lock;
            modes[few++] = mode;
        } else {
            many.put(lock, mode);
        }
        count(lock, mode, 1);
    }

    private void spill() {
        for (int i = 0; i < few; i++) {
            many.put(locks[i], modes[i]);
        }
        Arrays.fill(locks, null);
        few = 0;
    }

    private void count(TracedLock lock, LockMode mode, int more) {
        int index = index(lock.lockClass(), mode);
        ofKind[index] += more;
        kinds = ofKind[index] == 0 ? kinds & ~(1 << index) : kinds | 1 << index;
    }

    /// @throws KernelRuleBroken if the lock is not held
    public void remove(TracedLock lock) {
        LockMode mode = many.isEmpty() ? removeOfFew(lock) : many.remove(lock);
        if (mode == null) {
            throw new KernelRuleBroken("released a lock that is not held: " + lock.lockClass().label() + " " + lock.name());
        }
        count(lock, mode, -1);
    }

    private @Nullable LockMode removeOfFew(TracedLock lock) {
        int index = indexOf(lock);
        if (index < 0) {
            return null;
        }
        LockMode mode = modes[index];
        few--;
        if (index < few) {
            System.arraycopy(locks, index + 1, locks, index, few - index);
            System.arraycopy(modes, index + 1, modes, index, few - index);
        }
        locks[few] = null;
        return mode;
    }

    public void downgrade(TracedLock lock) {
        count(lock, Objects.requireNonNull(mode(lock)), -1);
        count(lock, LockMode.READ, 1);
        if (many.isEmpty()) {
            modes[indexOf(lock)] = LockMode.READ;
        } else {
            many.put(lock, LockMode.READ);
        }
    }

    public boolean contains(TracedLock lock) {
        return mode(lock) != null;
    }

    public boolean contains(TracedLock lock, LockMode mode) {
        return mode(lock) == mode;
    }

    /// In which mode it is held; null if it is not.
    private @Nullable LockMode mode(TracedLock lock) {
        if (many.isEmpty()) {
            int index = indexOf(lock);
            return index < 0 ? null : modes[index];
        }
        return many.get(lock);
    }

    private int indexOf(TracedLock lock) {
        for (int i = few - 1; i >= 0; i--) {
            if (locks[i] == lock) {
                return i;
            }
        }
        return -1;
    }

    public int count() {
        return few + many.size();
    }

    /// Which classes of locks are held in which mode, one bit of [#kind] each.
    public int kinds() {
        return kinds;
    }

    @Override
    public String toString() {
        if (count() == 0) {
            return "no locks";
        }
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < few; i++) {
            texts.add(inWords(locks[i], modes[i]));
        }
        many.entrySet().stream().limit(SHOWN).forEach(held -> texts.add(inWords(held.getKey(), held.getValue())));
        int more = count() - texts.size();
        return String.join(", ", texts) + (more == 0 ? "" : " and " + more + " more");
    }

    private static String inWords(TracedLock lock, LockMode mode) {
        return lock.lockClass().label() + " " + lock.name() + " (" + mode.label() + ")";
    }
}
