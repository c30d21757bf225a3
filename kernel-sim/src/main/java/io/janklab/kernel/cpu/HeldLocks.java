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
    private static final LockMode[] EVERY_MODE = LockMode.values();
    private static final int MODES = EVERY_MODE.length;
    /// How many are shown if there are many.
    private static final int SHOWN = 8;

    private final TracedLock[] locks = new TracedLock[FEW];
    /// The [#index] of each.
    private final int[] indexes = new int[FEW];
    private int few;
    /// All of them; null while they are few.
    private @Nullable Map<TracedLock, LockMode> many;
    /// How many of each kind are in [#many].
    private final int[] ofKind = new int[LockClass.values().length * MODES];
    private int kindsOfMany;

    /// The bit in [#kinds] that stands for locks of that class in that mode.
    public static int kind(LockClass lockClass, LockMode mode) {
        return 1 << index(lockClass, mode);
    }

    private static int index(LockClass lockClass, LockMode mode) {
        return lockClass.ordinal() * MODES + mode.ordinal();
    }

    public void push(TracedLock lock, LockMode mode) {
        if (many == null && few < FEW) {
            locks[few] = lock;
            indexes[few++] = index(lock.lockClass(), mode);
        } else {
            pushToMany(many == null ? spill() : many, lock, mode);
        }
    }

    private Map<TracedLock, LockMode> spill() {
        Map<TracedLock, LockMode> all = new LinkedHashMap<>();
        for (int i = 0; i < few; i++) {
            pushToMany(all, locks[i], modeOf(i));
        }
        Arrays.fill(locks, null);
        few = 0;
        many = all;
        return all;
    }

    private void pushToMany(Map<TracedLock, LockMode> all, TracedLock lock, LockMode mode) {
        all.put(lock, mode);
        count(lock, mode, 1);
    }

    private void count(TracedLock lock, LockMode mode, int more) {
        int index = index(lock.lockClass(), mode);
        ofKind[index] += more;
        kindsOfMany = ofKind[index] == 0 ? kindsOfMany & ~(1 << index) : kindsOfMany | 1 << index;
    }

    /// @throws KernelRuleBroken if the lock is not held
    public void remove(TracedLock lock) {
        if (!(many == null ? removedOfFew(lock) : removedOfMany(lock, many))) {
            throw new KernelRuleBroken("released a lock that is not held: " + lock.lockClass().label() + " " + lock.name());
        }
    }

    private boolean removedOfFew(TracedLock lock) {
        int index = indexOf(lock);
        if (index < 0) {
            return false;
        }
        few--;
        if (index < few) {
            closeGap(index);
        }
        locks[few] = null;
        return true;
    }

    private void closeGap(int index) {
        System.arraycopy(locks, index + 1, locks, index, few - index);
        System.arraycopy(indexes, index + 1, indexes, index, few - index);
    }

    private boolean removedOfMany(TracedLock lock, Map<TracedLock, LockMode> held) {
        LockMode mode = held.remove(lock);
        if (mode == null) {
            return false;
        }
        count(lock, mode, -1);
        if (held.isEmpty()) {
            many = null;
        }
        return true;
    }

    public void downgrade(TracedLock lock) {
        if (many == null) {
            indexes[indexOf(lock)] = index(lock.lockClass(), LockMode.READ);
        } else {
            count(lock, Objects.requireNonNull(many.put(lock, LockMode.READ)), -1);
            count(lock, LockMode.READ, 1);
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
        if (many == null) {
            int index = indexOf(lock);
            return index < 0 ? null : modeOf(index);
        }
        return many.get(lock);
    }

    /// Of the `i`-th of a few.
    private LockMode modeOf(int i) {
        return EVERY_MODE[indexes[i] % MODES];
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
        return many == null ? few : many.size();
    }

    /// Which classes of locks are held in which mode, one bit of [#kind] each.
    public int kinds() {
        int kinds = kindsOfMany;
        for (int i = 0; i < few; i++) {
            kinds |= 1 << indexes[i];
        }
        return kinds;
    }

    @Override
    public String toString() {
        if (count() == 0) {
            return "no locks";
        }
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < few; i++) {
            texts.add(inWords(locks[i], modeOf(i)));
        }
        Map<TracedLock, LockMode> rest = many == null ? Map.of() : many;
        rest.entrySet().stream().limit(SHOWN).forEach(held -> texts.add(inWords(held.getKey(), held.getValue())));
        int more = count() - texts.size();
        return String.join(", ", texts) + (more == 0 ? "" : " and " + more + " more");
    }

    private static String inWords(TracedLock lock, LockMode mode) {
        return lock.lockClass().label() + " " + lock.name() + " (" + mode.label() + ")";
    }
}
