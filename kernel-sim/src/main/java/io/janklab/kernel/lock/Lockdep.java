package io.janklab.kernel.lock;

import io.janklab.kernel.cpu.HeldLocks;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.trace.LockClass;
import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.TracedLock;

/// Checks that locks are taken in Linux's order (top of `mm/rmap.c`) and that nobody sleeps where it must not.
///
/// Only acquisitions that may wait are ordered: a trylock cannot deadlock.
final class Lockdep {
    private Lockdep() {}

    /// About to take `lock`, waiting for it if need be.
    ///
    /// @throws LockdepViolation if that could deadlock
    static void acquiring(Task task, TracedLock lock, LockMode mode) {
        HeldLocks held = task.held();
        int rank = rank(lock.lockClass(), mode);
        for (int i = 0; i < held.count(); i++) {
            if (held.lock(i) == lock) {
                throw new LockdepViolation("possible recursive locking", task, lock);
            }
            if (rank(held.lock(i).lockClass(), held.mode(i)) > rank) {
                throw new LockdepViolation("lock order violated", task, lock);
            }
        }
    }

    /// `might_sleep()`.
    static void mightSleep(Task task, TracedLock lock) {
        if (!task.isPreemptible()) {
            throw new LockdepViolation("sleeping lock taken in atomic context", task, lock);
        }
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
