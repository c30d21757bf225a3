package io.janklab.kernel.lock;

import io.janklab.kernel.cpu.HeldLocks;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.trace.LockClass;
import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.TracedLock;

/// Checks that locks are taken in Linux's order (top of `mm/rmap.c`) and that no task sleeps where it must not.
///
/// Only acquisitions that may wait are ordered: a trylock cannot deadlock.
final class Lockdep {
    /// For each class and mode, the kinds of locks ([HeldLocks#kind]) that may be taken only inside such a one.
    private static final int[][] INSIDE = inside();

    private Lockdep() {}

    private static int[][] inside() {
        int[][] kinds = new int[LockClass.values().length][LockMode.values().length];
        for (LockClass outer : LockClass.values()) {
            for (LockMode mode : LockMode.values()) {
                kinds[outer.ordinal()][mode.ordinal()] = inside(rank(outer, mode));
            }
        }
        return kinds;
    }

    private static int inside(int outer) {
        int kinds = 0;
        for (LockClass inner : LockClass.values()) {
            for (LockMode mode : LockMode.values()) {
                kinds |= outer < rankWhenHeld(inner, mode) ? HeldLocks.kind(inner, mode) : 0;
            }
        }
        return kinds;
    }

    /// About to take `lock`, waiting for it if need be.
    ///
    /// @throws LockdepViolation if that could deadlock
    static void acquiring(Task task, TracedLock lock, LockMode mode) {
        HeldLocks held = task.held();
        if (held.contains(lock)) {
            throw new LockdepViolation("possible recursive locking", task, lock);
        }
        if ((held.kinds() & INSIDE[lock.lockClass().ordinal()][mode.ordinal()]) != 0) {
            throw new LockdepViolation("lock order violated", task, lock);
        }
    }

    /// `might_sleep()`.
    static void mightSleep(Task task, TracedLock lock) {
        if (!task.isPreemptible()) {
            throw new LockdepViolation("sleeping lock taken in atomic context", task, lock);
        }
    }

    /// Once its readers have left, a VMA marked as being written is no lock any more: a task that holds a folio's lock and marks a VMA must
    /// already have mmap_lock. So mprotect of locked memory may wait for folios.
    private static int rankWhenHeld(LockClass lockClass, LockMode mode) {
        return lockClass == LockClass.VMA_LOCK ? rank(lockClass, LockMode.READ) : rank(lockClass, mode);
    }

    /// Outermost first. A VMA read lock stands between mmap_lock and folio lock, since a fault holding it may wait for a folio but
    /// never for mmap_lock; a VMA write lock comes after the folio lock.
    private static int rank(LockClass lockClass, LockMode mode) {
        return switch (lockClass) {
            case FUTEX -> 0;
            case MMAP_LOCK -> 1;
            case VMA_LOCK -> mode == LockMode.READ ? 2 : 4;
            case FOLIO -> 3;
            case MUTEX -> 5;
            case HUGETLB_VMA -> 6;
            case I_MMAP -> 7;
            case ANON_VMA -> 8;
            case PAGE_TABLE -> 9;
            case SPINLOCK -> 10;
        };
    }
}
