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
    private static final int RANKS = 10;
    /// For each rank, the kinds of locks ([HeldLocks#kind]) that may be taken only inside it.
    private static final int[] INSIDE = inside();

    private Lockdep() {}

    private static int[] inside() {
        int[] kinds = new int[RANKS];
        for (LockClass lockClass : LockClass.values()) {
            for (LockMode mode : LockMode.values()) {
                for (int outer = 0; outer < rankWhenHeld(lockClass, mode); outer++) {
                    kinds[outer] |= HeldLocks.kind(lockClass, mode);
                }
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
        if ((held.kinds() & INSIDE[rank(lock.lockClass(), mode)]) != 0) {
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
            case I_MMAP -> 6;
            case ANON_VMA -> 7;
            case PAGE_TABLE -> 8;
            case SPINLOCK -> 9;
        };
    }
}
