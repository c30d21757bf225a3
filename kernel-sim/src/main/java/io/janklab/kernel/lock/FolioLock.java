package io.janklab.kernel.lock;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.trace.LockClass;
import io.janklab.kernel.trace.TracedLock;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// The lock of one folio while a task holds it or waits for it; [FolioLocks] has the rules.
final class FolioLock implements TracedLock {
    final int frame;
    /// Null once unlocked, until a waiter has won it.
    @Nullable Task holder;
    /// First in, first woken.
    final ArrayDeque<Waiter> queue = new ArrayDeque<>(2);
    /// Tasks that queue, or have been woken and not yet won the lock.
    int waiting;

    static final class Waiter {
        final Task task;
        /// Wants the lock itself, not only to see it unlocked.
        final boolean exclusive;
        boolean wantsHandOff;
        boolean woken;
        /// The lock was handed to it.
        boolean granted;

        Waiter(Task task, boolean exclusive) {
            this.task = task;
            this.exclusive = exclusive;
        }
    }

    FolioLock(int frame) {
        this.frame = frame;
    }

    @Override
    public LockClass lockClass() {
        return LockClass.FOLIO;
    }

    @Override
    public String name() {
        return "folio";
    }
}
