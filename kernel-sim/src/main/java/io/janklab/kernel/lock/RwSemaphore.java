package io.janklab.kernel.lock;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.cpu.PolicyMistake;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.interleave.Interleaving;
import io.janklab.kernel.interleave.Shared;
import io.janklab.kernel.lock.policy.LockPolicy;
import io.janklab.kernel.lock.policy.Rwsem;
import io.janklab.kernel.trace.LockClass;
import io.janklab.kernel.trace.LockMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Linux's sleeping reader-writer lock (`kernel/locking/rwsem.c`, 6.1–7.3).
///
/// This class is the mechanism: lock word, queue and spinners. The decisions, which task may take it and which is woken, lent to or let
/// past, are its [LockPolicy]'s, [Linux][io.janklab.kernel.lock.policy.Linux]'s unless a what-if says otherwise.
public final class RwSemaphore extends LockWord implements Rwsem, PriorityLoans.Lender {
    /// Whom a wake-up is for (`enum rwsem_wake_type`).
    private enum Wake {
        /// The first waiter.
        ANY,
        /// Readers only.
        READERS,
        /// Readers only, the caller holding the lock as one.
        READ_OWNED
    }

    private final Locking locking;
    private final LockPolicy policy;
    private final LockClass lockClass;
    private final String name;
    private final RwsemQueue waiters;
    private final RwsemSpin spin;

    private int readers;
    private @Nullable Task writer;
    private boolean handoff;
    /// The owner word's hint: its last owner was a reader (which may have left).
    private boolean readerOwned;

    public RwSemaphore(Locking locking, LockClass lockClass, String name) {
        super(locking.newLockId());
        this.locking = locking;
        this.policy = locking.policy();
        this.lockClass = lockClass;
        this.name = name;
        this.waiters = new RwsemQueue(policy);
        this.spin = new RwsemSpin(this, policy);
    }

    // Readers

    /// `down_read`: waits in D state.
    public void downRead(Task task) {
        downRead(task, false);
    }

    /// `down_read_killable`: waits in D state, but not once SIGKILL has come.
    ///
    /// @return false if it has: the lock is not held
    public boolean downReadKillable(Task task) {
        return downRead(task, true);
    }

    private boolean downRead(Task task, boolean killable) {
        Lockdep.mightSleep(task, this);
        Lockdep.acquiring(task, this, LockMode.READ);
        locking.payAndSettleReader(task, this);
        if (!readFastPath()) {
            locking.readerDidMore(this);
            return downReadSlowPath(task, killable);
        }
        takeRead(task, task.now());
        return true;
    }

    /// `down_read_trylock`: never waits, never steals.
    public boolean downReadTrylock(Task task) {
        locking.payAndSettleReader(task, this);
        if (!readFastPath()) {
            locking.readerDidMore(this);
            return false;
        }
        addReader(task);
        holdsByTrying(task, LockMode.READ);
        return true;
    }

    private boolean readFastPath() {
        return writer == null && waiters.isEmpty() && !handoff;
    }

    private void takeRead(Task task, long wantedAt) {
        addReader(task);
        holds(task, LockMode.READ, wantedAt);
    }

    /// `__rwsem_set_reader_owned`.
    void addReader(Task task) {
        checkNobodyWrites(task, "readerMayTake");
        readers++;
        readerOwned = true;
    }

    private boolean downReadSlowPath(Task task, boolean killable) {
        long wantedAt = task.now();
        locking.tracepoints().lockWait(wantedAt, this, task, LockMode.READ);
        if (policy.readerMayTake(this, task)) {
            steal(task, wantedAt);
            return true;
        }
        if (policy.readerSpins(this, task) && spin.mayReadersSpin() && spinToRead(task)) {
            holds(task, LockMode.READ, wantedAt);
            waiters.bypassedByAll();
            if (!waiters.isEmpty()) {
                wake(Wake.READ_OWNED, task);
            }
            return true;
        }
        return queueReader(task, wantedAt, killable);
    }

    private void steal(Task task, long wantedAt) {
        checkNobodyWrites(task, "readerMayTake");
        takeRead(task, wantedAt);
        waiters.bypassedByAll();
        if (readers == 1 && !waiters.isEmpty()) {
            wake(Wake.READ_OWNED, task);
        }
    }

    /// A reader that spun for a writer in vain still joins the readers who have got the lock from it (`rwsem_reader_phase_trylock`).
    private boolean spinToRead(Task task) {
        boolean wasWritten = !readerOwned;
        if (spin.toRead(task)) {
            return true;
        }
        boolean joins = wasWritten && readerOwned && writer == null && !handoff;
        if (joins) {
            addReader(task);
        }
        return joins;
    }

    private boolean queueReader(Task task, long wantedAt, boolean killable) {
        RwsemWaiter waiter = enqueue(task, LockMode.READ);
        wakeIfNotWriteHeld(task);
        task.charge(locking.costs().ns(Cost.LOCK_QUEUE));
        task.settle();
        while (!waiter.granted) {
            if (!task.blockUninterruptible(killable)) {
                return giveUp(waiter);
            }
        }
        locking.tracepoints().contentionEnd(task.now(), this, task, LockMode.READ);
        holds(task, LockMode.READ, wantedAt);
        return true;
    }

    /// `up_read`.
    public void upRead(Task task) {
        locking.payAndSettleReader(task, this);
        noLongerHolds(task, LockMode.READ);
        readers--;
        if (!waiters.isEmpty() || spin.isWatched()) {
            locking.readerDidMore(this);
        }
        if (readers == 0) {
            if (!waiters.isEmpty()) {
                spin.allow();
                wake(Wake.ANY, task);
            }
            spin.kick();
        }
    }

    // Writers

    /// `down_write`: waits in D state.
    public void downWrite(Task task) {
        downWrite(task, false);
    }

    /// `down_write_killable`: waits in D state, but not once SIGKILL has come.
    ///
    /// @return false if it has: the lock is not held
    public boolean downWriteKillable(Task task) {
        return downWrite(task, true);
    }

    private boolean downWrite(Task task, boolean killable) {
        Lockdep.mightSleep(task, this);
        Lockdep.acquiring(task, this, LockMode.WRITE);
        locking.payAndSettle(task, this);
        if (!isFree() || !waiters.isEmpty()) {
            return downWriteSlowPath(task, killable);
        }
        takeWrite(task, task.now());
        return true;
    }

    /// `down_write_trylock`.
    public boolean downWriteTrylock(Task task) {
        locking.payAndSettle(task, this);
        if (!isFree() || !waiters.isEmpty()) {
            return false;
        }
        setWriter(task, "waiterMayTake");
        holdsByTrying(task, LockMode.WRITE);
        spin.kick();
        return true;
    }

    private void takeWrite(Task task, long wantedAt) {
        setWriter(task, "waiterMayTake");
        holds(task, LockMode.WRITE, wantedAt);
        spin.kick();
    }

    /// `rwsem_set_owner`.
    ///
    /// @param decision of the policy's, that let it in
    void setWriter(Task task, String decision) {
        checkNobodyWrites(task, decision);
        if (readers > 0) {
            throw mutualExclusion(task, decision, readers + (readers == 1 ? " reader is" : " readers are") + " inside");
        }
        writer = task;
        readerOwned = false;
        spin.ownedByWriter();
    }

    private boolean downWriteSlowPath(Task task, boolean killable) {
        long wantedAt = task.now();
        locking.tracepoints().lockWait(wantedAt, this, task, LockMode.WRITE);
        if (policy.spins(this, task) && spin.toWrite(task)) {
            waiters.bypassedByAll();
            takeWrite(task, wantedAt);
            return true;
        }
        boolean spunInVain = spin.isNonspinnable() || !spin.mayReadersSpin();
        boolean first = waiters.isEmpty();
        RwsemWaiter waiter = enqueue(task, LockMode.WRITE);
        if (!first) {
            wakeIfNotWriteHeld(task);
        }
        task.charge(locking.costs().ns(Cost.LOCK_QUEUE));
        task.settle();
        while (!tryWriteLock(waiter)) {
            if (killable && task.isKilled()) {
                return giveUp(waiter);
            }
            boolean lookAgainAtOnce = waiter.handoffSet && spin.asFirstWaiter(task);
            // A wake-up since the attempt ends the sleep before it begins (`set_current_state`).
            if (!lookAgainAtOnce && !waiter.woken) {
                task.blockUninterruptible(killable);
            }
            lookAgain();
        }
        locking.tracepoints().contentionEnd(task.now(), this, task, LockMode.WRITE);
        takeWrite(task, wantedAt);
        if (spunInVain) {
            spin.forbidReaders();
        }
        return true;
    }

    /// `rwsem_try_write_lock`: a queued writer's attempt; if it fails, it asks for hand-off when due.
    private boolean tryWriteLock(RwsemWaiter waiter) {
        waiter.woken = false;
        if (policy.waiterMayTake(this, waiter)) {
            handoff = false;
            waiters.remove(waiter);
            return true;
        }
        if (isLocked() && !handoff && policy.asksForHandoff(waiter)) {
            askForHandoff(waiters.first());
        }
        return false;
    }

    private void askForHandoff(RwsemWaiter first) {
        handoff = true;
        first.handoffSet = true;
    }

    /// `up_write`.
    public void upWrite(Task task) {
        locking.payAndSettle(task, this);
        checkWriter(task);
        noLongerHolds(task, LockMode.WRITE);
        writer = null;
        if (!waiters.isEmpty()) {
            wake(Wake.ANY, task);
        }
        spin.kick();
    }

    /// `downgrade_write`: from writer to reader without letting another writer in; queued readers come along if one is first.
    public void downgradeWrite(Task task) {
        locking.payAndSettle(task, this);
        checkWriter(task);
        task.held().downgrade(this);
        locking.tracepoints().lockDowngraded(task.now(), this, task);
        writer = null;
        readers = 1;
        readerOwned = true;
        if (!waiters.isEmpty()) {
            wake(Wake.READ_OWNED, task);
        }
        spin.kick();
    }

    private void checkNobodyWrites(Task task, String decision) {
        if (writer != null && writer != task) {
            throw mutualExclusion(task, decision, writer + " writes");
        }
    }

    private PolicyMistake mutualExclusion(Task task, String decision, String others) {
        return new PolicyMistake(policy, decision, "mutual exclusion: " + task + " is let into " + lockClass.label() + " " + name + " by "
                + policy.getClass().getSimpleName() + " while " + others);
    }

    private void checkWriter(Task task) {
        if (writer != task) {
            throw new LockdepViolation("write-unlock by a task that is not the writer", task, this);
        }
    }

    // Waiting and waking

    private RwsemWaiter enqueue(Task task, LockMode mode) {
        RwsemWaiter waiter = new RwsemWaiter(task, mode);
        waiters.add(waiter);
        locking.tracepoints().contentionBegin(task.now(), this, task, mode);
        if (locking.loans() != null) {
            locking.loans().waits(this, task);
        }
        return waiter;
    }

    /// `rwsem_del_wake_waiter`: a killed waiter leaves the queue; the one behind it may be eligible now.
    ///
    /// @return false
    private boolean giveUp(RwsemWaiter waiter) {
        boolean first = waiters.first() == waiter;
        waiters.remove(waiter);
        if (waiters.isEmpty()) {
            handoff = false;
        } else if (first) {
            wake(Wake.ANY, waiter.task);
        }
        if (locking.loans() != null) {
            locking.loans().gaveUp(this, waiter.task);
        }
        locking.tracepoints().contentionEnd(waiter.task.now(), this, waiter.task, waiter.mode);
        locking.tracepoints().lockAborted(waiter.task.now(), this, waiter.task, waiter.mode);
        return false;
    }

    /// `rwsem_cond_wake_waiter`.
    private void wakeIfNotWriteHeld(Task waker) {
        if (writer != null) {
            return;
        }
        if (readers > 0) {
            wake(Wake.READERS, waker);
        } else {
            spin.allow();
            wake(Wake.ANY, waker);
        }
    }

    /// `rwsem_mark_wake`: a writer is only woken and must still win the lock; readers are granted it, all of them up to
    /// [LockPolicy#readersPerWake].
    private void wake(Wake type, Task waker) {
        RwsemWaiter next = waiters.next(this);
        if (next.mode == LockMode.WRITE) {
            if (type == Wake.ANY) {
                next.woken = true;
                next.task.wake(waker);
            }
        } else if (writer != null) {
            if (policy.asksForHandoff(next)) {
                askForHandoff(next);
            }
        } else {
            handoff = false;
            readerOwned = true;
            waiters.takeReaders(waiter -> grant(waiter, waker));
        }
    }

    private void grant(RwsemWaiter waiter, Task waker) {
        readers++;
        waiter.granted = true;
        waiter.task.wake(waker);
    }

    private void holds(Task task, LockMode mode, long wantedAt) {
        locking.acquired(task, this, mode, wantedAt);
        lend(task, mode);
    }

    private void holdsByTrying(Task task, LockMode mode) {
        locking.acquiredByTrying(task, this, mode);
        lend(task, mode);
    }

    private void lend(Task task, LockMode mode) {
        if (locking.loans() != null) {
            locking.loans().acquired(this, task, mode);
        }
    }

    private void noLongerHolds(Task task, LockMode mode) {
        locking.released(task, this, mode);
        if (locking.loans() != null) {
            locking.loans().released(this, task);
        }
    }

    // State

    /// The running task will recheck it after a wait.
    void lookAgain() {
        Interleaving.write(locking.interleaving(), Shared.LOCK, id, this);
    }

    /// No lock bits and no hand-off.
    private boolean isFree() {
        return !isLocked() && !handoff;
    }

    /// Whether it is held.
    @Override
    public boolean isLocked() {
        return writer != null || readers > 0;
    }

    /// Whether there are waiters (`rwsem_is_contended`).
    public boolean isContended() {
        return !waiters.isEmpty();
    }

    public boolean isReadHeldBy(Task task) {
        return task.held().contains(this, LockMode.READ);
    }

    public boolean isWriteHeldBy(Task task) {
        return task.held().contains(this, LockMode.WRITE);
    }

    @Override
    public int mostUrgentWaiter() {
        return waiters.mostUrgent();
    }

    @Override
    public @Nullable Task writer() {
        return writer;
    }

    @Override
    public int readers() {
        return readers;
    }

    @Override
    public boolean isReaderOwned() {
        return readerOwned;
    }

    @Override
    public boolean isHandoff() {
        return handoff;
    }

    @Override
    public boolean isNonspinnable() {
        return spin.isNonspinnable();
    }

    @Override
    public List<RwsemWaiter> waiters() {
        return waiters.view();
    }

    @Override
    public LockClass lockClass() {
        return lockClass;
    }

    @Override
    public String name() {
        return name;
    }
}
