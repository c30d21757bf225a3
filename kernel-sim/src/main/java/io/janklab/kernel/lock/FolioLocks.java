package io.janklab.kernel.lock;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.cpu.KernelRuleBroken;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.interleave.Interleaving;
import io.janklab.kernel.interleave.Shared;
import io.janklab.kernel.lock.FolioLock.Waiter;
import io.janklab.kernel.trace.LockMode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The locks of all folios: one bit each, and a queue where tasks wait (Linux `mm/filemap.c`, `folio_wait_bit_common`, 7.3).
///
/// Waiters sleep in D state, first come first woken, but must win the bit like any other task; one that has lost [#UNFAIRNESS] times asks
/// to be handed it. No priority, no inheritance, no spinning.
public final class FolioLocks {
    /// `sysctl_page_lock_unfairness`.
    public static final int UNFAIRNESS = 5;

    /// Where the bit of each folio is kept (`PG_locked`).
    public interface Bits {
        /// Sets the bit.
        ///
        /// @return whether it was set before
        boolean testAndSetLocked(int frame);

        void clearLocked(int frame);

        boolean isLocked(int frame);
    }

    private final Locking locking;
    private final Bits bits;
    /// Folios that are locked or waited for: a few at any time.
    private final List<FolioLock> inUse = new ArrayList<>();

    public FolioLocks(Locking locking, Bits bits) {
        this.locking = locking;
        this.bits = bits;
    }

    /// `folio_trylock`: never sleeps.
    public boolean trylock(Task task, int frame) {
        step(task, frame);
        if (bits.testAndSetLocked(frame)) {
            return false;
        }
        take(task, lockOf(frame), task.now());
        return true;
    }

    /// `folio_lock`: sleeps in D state until it has the lock. The caller holds a reference to the folio.
    public void lock(Task task, int frame) {
        lock(task, frame, false);
    }

    /// `folio_lock_killable`: as [#lock], but gives up on SIGKILL.
    ///
    /// @return false if it has come: the folio is not locked
    public boolean lockKillable(Task task, int frame) {
        return lock(task, frame, true);
    }

    private boolean lock(Task task, int frame, boolean killable) {
        step(task, frame);
        FolioLock lock = lockOf(frame);
        Lockdep.mightSleep(task, lock);
        Lockdep.acquiring(task, lock, LockMode.WRITE);
        long wantedAt = task.now();
        if (bits.testAndSetLocked(frame) && !waitForLock(task, lock, killable)) {
            return false;
        }
        take(task, lock, wantedAt);
        return true;
    }

    private void step(Task task, int frame) {
        task.charge(locking.costs(), Cost.LOCK);
        task.settle();
        Interleaving.write(locking.interleaving(), Shared.FOLIO_LOCK, frame, this);
    }

    private void take(Task task, FolioLock lock, long wantedAt) {
        lock.holder = task;
        locking.acquired(task, lock, LockMode.WRITE, wantedAt);
    }

    /// @return false if SIGKILL came first
    private boolean waitForLock(Task task, FolioLock lock, boolean killable) {
        lock.waiting++;
        locking.tracepoints().lockWait(task.now(), lock, task, LockMode.WRITE);
        locking.tracepoints().contentionBegin(task.now(), lock, task, LockMode.WRITE);
        int unfairRounds = UNFAIRNESS;
        boolean won = false;
        boolean alive = true;
        while (!won && alive) {
            Waiter waiter = new Waiter(task, true);
            waiter.wantsHandOff = --unfairRounds < 0;
            sleep(task, lock, waiter, killable);
            alive = waiter.woken;
            won = alive && (waiter.granted || !bits.testAndSetLocked(lock.frame));
        }
        lock.waiting--;
        locking.tracepoints().contentionEnd(task.now(), lock, task, LockMode.WRITE);
        if (!won) {
            locking.tracepoints().lockAborted(task.now(), lock, task, LockMode.WRITE);
            retireIfIdle(lock);
        }
        return won;
    }

    /// `folio_wait_locked_killable`: sleeps in D state until the folio has been unlocked, without taking the lock; gives up on SIGKILL.
    public void waitUntilUnlockedKillable(Task task, int frame) {
        step(task, frame);
        if (!bits.isLocked(frame)) {
            return;
        }
        FolioLock lock = lockOf(frame);
        Lockdep.mightSleep(task, lock);
        lock.waiting++;
        locking.tracepoints().lockWait(task.now(), lock, task, LockMode.READ);
        sleep(task, lock, new Waiter(task, false), true);
        locking.tracepoints().lockAborted(task.now(), lock, task, LockMode.READ);
        lock.waiting--;
        retireIfIdle(lock);
    }

    private void sleep(Task task, FolioLock lock, Waiter waiter, boolean killable) {
        lock.queue.addLast(waiter);
        task.charge(locking.costs().ns(Cost.LOCK_QUEUE));
        task.settle();
        while (!waiter.woken) {
            if (!task.blockUninterruptible(killable)) {
                lock.queue.remove(waiter);
                return;
            }
        }
        Interleaving.write(locking.interleaving(), Shared.FOLIO_LOCK, lock.frame, this);
    }

    /// Locks a fresh folio for I/O: no task holds it, and [#endIo] unlocks it.
    public void lockForIo(int frame) {
        if (bits.testAndSetLocked(frame)) {
            throw new KernelRuleBroken("kernel bug: I/O into frame " + frame + ", which is locked");
        }
    }

    /// Whether the folio is locked, and by no task: it is being read.
    public boolean isUnderIo(int frame) {
        FolioLock lock = find(frame);
        return bits.isLocked(frame) && (lock == null || lock.holder == null);
    }

    /// `folio_end_read`, in an interrupt.
    public void endIo(int frame) {
        Interleaving.write(locking.interleaving(), Shared.FOLIO_LOCK, frame, this);
        bits.clearLocked(frame);
        FolioLock lock = find(frame);
        if (lock != null) {
            wakeWaiters(null, lock);
            retireIfIdle(lock);
        }
    }

    /// `folio_unlock`.
    public void unlock(Task task, int frame) {
        step(task, frame);
        FolioLock lock = find(frame);
        if (lock == null || lock.holder != task) {
            throw new LockdepViolation("folio_unlock by a task that does not hold it", task, lock == null ? new FolioLock(frame) : lock);
        }
        locking.released(task, lock, LockMode.WRITE);
        lock.holder = null;
        bits.clearLocked(frame);
        wakeWaiters(task, lock);
        retireIfIdle(lock);
    }

    /// `folio_wake_bit`: all waiters up to and including the first that wants the lock; that one is handed it if it asked for that.
    private void wakeWaiters(@Nullable Task task, FolioLock lock) {
        boolean going = true;
        while (going && !lock.queue.isEmpty()) {
            Waiter first = lock.queue.pollFirst();
            if (first.exclusive && first.wantsHandOff) {
                bits.testAndSetLocked(lock.frame);
                first.granted = true;
            }
            first.woken = true;
            first.task.wake(task);
            going = !first.exclusive;
        }
    }

    private void retireIfIdle(FolioLock lock) {
        if (lock.waiting == 0 && !bits.isLocked(lock.frame)) {
            inUse.remove(lock);
        }
    }

    private FolioLock lockOf(int frame) {
        FolioLock lock = find(frame);
        if (lock == null) {
            lock = new FolioLock(frame);
            inUse.add(lock);
        }
        return lock;
    }

    private @Nullable FolioLock find(int frame) {
        for (int i = 0; i < inUse.size(); i++) {
            if (inUse.get(i).frame == frame) {
                return inUse.get(i);
            }
        }
        return null;
    }

    /// Folios that are locked or waited for now.
    public int inUse() {
        return inUse.size();
    }
}
