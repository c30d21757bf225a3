package io.janklab.kernel.lock;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.cpu.Scheduler;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.trace.LockClass;
import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.TaskState;
import io.janklab.kernel.trace.TracedLock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/// Linux's sleeping reader-writer lock (`kernel/locking/rwsem.c`, 6.1–7.3, with `RWSEM_SPIN_ON_OWNER`).
///
/// First come first served whatever the priority; no inheritance, since readers are not tracked. Readers may steal a lock that is
/// not write-held unless its last owner was a reader and others still read; writers spin on a running owner, at most 25 µs on
/// readers; who has waited over 4 ms asks for hand-off, which ends stealing.
public final class RwSemaphore implements TracedLock {
    private static final int MAX_READERS_WAKEUP = 256;
    private static final int MAX_COUNTED_READERS = 30;
    private static final long MAX_OVERTAKEN_NS = 5_000_000_000L;

    private enum Wake {
        /// Whoever is first.
        ANY,
        /// Readers only.
        READERS,
        /// Readers only, the caller holding the lock as one.
        READ_OWNED
    }

    private enum Owner {
        NONE,
        WRITER,
        READER,
        NONSPINNABLE
    }

    private static final class Waiter {
        final Task task;
        final LockMode mode;
        /// The jiffy after which it may ask for hand-off.
        final long timeout;
        boolean handoffSet;
        boolean granted;

        Waiter(Task task, LockMode mode) {
            this.task = task;
            this.mode = mode;
            this.timeout = jiffies(task) + 1;
        }

        /// Whether it has waited so long that not even a what-if policy lets others overtake it.
        boolean isImpatient() {
            return (jiffies(task) - timeout) * Scheduler.TICK_NS > MAX_OVERTAKEN_NS;
        }
    }

    private int readers;
    private Task writer;
    private boolean handoff;
    private final List<Waiter> waiters = new ArrayList<>(4);

    /// The owner word's hint: its last owner was a reader (who may have left).
    private boolean readerOwned;
    private boolean nonspinnable;
    /// The MCS queue of spinning writers; only the first watches the owner.
    private final ArrayDeque<Task> spinQueue = new ArrayDeque<>();
    private final List<Task> ownerWatchers = new ArrayList<>(2);

    private final Locking locking;
    private final LockClass lockClass;
    private final String name;

    public RwSemaphore(Locking locking, LockClass lockClass, String name) {
        this.locking = locking;
        this.lockClass = lockClass;
        this.name = name;
    }

    @Override
    public LockClass lockClass() {
        return lockClass;
    }

    @Override
    public String name() {
        return name;
    }

    // Readers

    /// `down_read`: waits in D state.
    public void downRead(Task task) {
        Lockdep.mightSleep(task, this);
        Lockdep.acquiring(task, this, LockMode.READ);
        locking.payAndSettle(task);
        if (readFastPath()) {
            takeRead(task, task.now());
        } else {
            downReadSlowPath(task);
        }
    }

    /// `down_read_trylock`: never waits, never steals.
    public boolean downReadTrylock(Task task) {
        locking.payAndSettle(task);
        if (!readFastPath()) {
            return false;
        }
        takeRead(task, task.now());
        return true;
    }

    private boolean readFastPath() {
        return writer == null && waiters.isEmpty() && !handoff;
    }

    private void takeRead(Task task, long wantedAt) {
        readers++;
        readerOwned = true;
        holds(task, LockMode.READ, wantedAt);
    }

    private void downReadSlowPath(Task task) {
        long wantedAt = task.now();
        locking.tracepoints().lockWait(wantedAt, this, task, LockMode.READ);
        boolean othersRead = readerOwned && readers > 0 && writer == null;
        if (!othersRead && writer == null && !handoff) {
            steal(task, wantedAt);
        } else {
            queueReader(task, wantedAt);
        }
    }

    private void steal(Task task, long wantedAt) {
        takeRead(task, wantedAt);
        if (readers == 1 && !waiters.isEmpty()) {
            wake(Wake.READ_OWNED, task);
        }
    }

    private void queueReader(Task task, long wantedAt) {
        if (waiters.isEmpty() && writer == null && !handoff) {
            takeRead(task, wantedAt);
            return;
        }
        Waiter waiter = enqueue(task, LockMode.READ);
        wakeIfNotWriteHeld(task);
        task.charge(locking.costs().ns(Cost.LOCK_QUEUE));
        task.settle();
        while (!waiter.granted) {
            task.block(TaskState.UNINTERRUPTIBLE);
        }
        locking.tracepoints().contentionEnd(task.now(), this, task, LockMode.READ);
        holds(task, LockMode.READ, wantedAt);
    }

    /// `up_read`.
    public void upRead(Task task) {
        locking.payAndSettle(task);
        letsGo(task, LockMode.READ);
        readers--;
        if (readers == 0) {
            if (!waiters.isEmpty()) {
                nonspinnable = false;
                wake(Wake.ANY, task);
            }
            kickSpinners();
        }
    }

    // Writers

    /// `down_write`: waits in D state.
    public void downWrite(Task task) {
        Lockdep.mightSleep(task, this);
        Lockdep.acquiring(task, this, LockMode.WRITE);
        locking.payAndSettle(task);
        if (isFree() && waiters.isEmpty()) {
            takeWrite(task, task.now());
        } else {
            downWriteSlowPath(task);
        }
    }

    /// `down_write_trylock`.
    public boolean downWriteTrylock(Task task) {
        locking.payAndSettle(task);
        if (!isFree() || !waiters.isEmpty()) {
            return false;
        }
        takeWrite(task, task.now());
        return true;
    }

    /// No lock bits and no hand-off: what a spinner may take ahead of the queue.
    private boolean isFree() {
        return writer == null && readers == 0 && !handoff;
    }

    private void takeWrite(Task task, long wantedAt) {
        setOwner(task);
        holds(task, LockMode.WRITE, wantedAt);
        kickSpinners();
    }

    /// `rwsem_set_owner`.
    private void setOwner(Task task) {
        writer = task;
        readerOwned = false;
        nonspinnable = false;
    }

    private void downWriteSlowPath(Task task) {
        long wantedAt = task.now();
        locking.tracepoints().lockWait(wantedAt, this, task, LockMode.WRITE);
        if (canSpinOnOwner(task) && optimisticSpin(task)) {
            takeWrite(task, wantedAt);
            return;
        }
        boolean first = waiters.isEmpty();
        Waiter waiter = enqueue(task, LockMode.WRITE);
        if (!first) {
            wakeIfNotWriteHeld(task);
        }
        task.charge(locking.costs().ns(Cost.LOCK_QUEUE));
        task.settle();
        while (!tryWriteLock(waiter)) {
            if (!waiter.handoffSet || spinAsFirstWaiter(task) != Owner.NONE) {
                task.block(TaskState.UNINTERRUPTIBLE);
            }
        }
        locking.tracepoints().contentionEnd(task.now(), this, task, LockMode.WRITE);
        takeWrite(task, wantedAt);
    }

    /// `rwsem_try_write_lock`: a queued writer's attempt; where it fails, hand-off is asked for when due.
    private boolean tryWriteLock(Waiter waiter) {
        Waiter first = waiters.getFirst();
        if (handoff && first.handoffSet && waiter != first) {
            return false;
        }
        if (writer != null || readers > 0) {
            if (!handoff && (waiter.task.isRealTime() || jiffies(waiter.task) > waiter.timeout)) {
                handoff = true;
                first.handoffSet = true;
            }
            return false;
        }
        handoff = false;
        waiters.remove(waiter);
        return true;
    }

    /// `up_write`.
    public void upWrite(Task task) {
        locking.payAndSettle(task);
        checkWriter(task);
        letsGo(task, LockMode.WRITE);
        writer = null;
        if (!waiters.isEmpty()) {
            wake(Wake.ANY, task);
        }
        kickSpinners();
    }

    /// `downgrade_write`: from writer to reader without letting another writer in; queued readers come along if one is first.
    public void downgradeWrite(Task task) {
        locking.payAndSettle(task);
        checkWriter(task);
        task.held().downgrade(this);
        locking.tracepoints().lockDowngraded(task.now(), this, task);
        writer = null;
        readers = 1;
        readerOwned = true;
        if (!waiters.isEmpty()) {
            wake(Wake.READ_OWNED, task);
        }
        kickSpinners();
    }

    private void checkWriter(Task task) {
        if (writer != task) {
            throw new LockdepViolation("write-unlock by a task that is not the writer", task, this);
        }
    }

    private void holds(Task task, LockMode mode, long wantedAt) {
        locking.acquired(task, this, mode, wantedAt);
        if (locking.loans() != null) {
            locking.loans().acquired(this, task, mode == LockMode.WRITE);
        }
    }

    private void letsGo(Task task, LockMode mode) {
        locking.released(task, this, mode);
        if (locking.loans() != null) {
            locking.loans().released(this, task);
        }
    }

    // The queue

    private Waiter enqueue(Task task, LockMode mode) {
        Waiter waiter = new Waiter(task, mode);
        waiters.add(placeFor(waiter), waiter);
        locking.tracepoints().contentionBegin(task.now(), this, task, mode);
        if (locking.loans() != null) {
            locking.loans().waits(this, task);
        }
        return waiter;
    }

    /// At the end, unless a what-if policy lets the more urgent go first.
    private int placeFor(Waiter waiter) {
        boolean overtakes = switch (locking.rwsemPolicy()) {
            case LINUX -> false;
            case WRITER_BOOST -> waiter.mode == LockMode.WRITE && !waiters.isEmpty() && !waiters.getFirst().isImpatient();
            case INHERIT -> true;
        };
        int place = waiters.size();
        while (overtakes && place > 0 && waiter.task.prio() < waiters.get(place - 1).task.prio()) {
            place--;
        }
        return place;
    }

    /// The priority of the most urgent waiter, or [Integer#MAX_VALUE].
    int mostUrgentWaiter() {
        int prio = Integer.MAX_VALUE;
        for (int i = 0; i < waiters.size(); i++) {
            prio = Math.min(prio, waiters.get(i).task.prio());
        }
        return prio;
    }

    /// `rwsem_cond_wake_waiter`.
    private void wakeIfNotWriteHeld(Task waker) {
        if (writer != null) {
            return;
        }
        if (readers > 0) {
            wake(Wake.READERS, waker);
        } else {
            nonspinnable = false;
            wake(Wake.ANY, waker);
        }
    }

    /// `rwsem_mark_wake`: a writer is only woken and must still win the lock; readers are granted it, all of them up to
    /// [#MAX_READERS_WAKEUP], skipping writers.
    private void wake(Wake type, Task waker) {
        Waiter first = waiters.getFirst();
        if (first.mode == LockMode.WRITE) {
            if (type == Wake.ANY) {
                first.task.wake(waker);
            }
            return;
        }
        if (writer != null) {
            if (jiffies(waker) > first.timeout) {
                handoff = true;
                first.handoffSet = true;
            }
            return;
        }
        handoff = false;
        readerOwned = true;
        int granted = 0;
        for (Iterator<Waiter> queue = waiters.iterator(); queue.hasNext() && granted < MAX_READERS_WAKEUP; ) {
            Waiter waiter = queue.next();
            if (waiter.mode == LockMode.READ) {
                queue.remove();
                granted++;
                readers++;
                waiter.granted = true;
                waiter.task.wake(waker);
            }
        }
    }

    // Optimistic spinning

    /// `rwsem_can_spin_on_owner`.
    private boolean canSpinOnOwner(Task task) {
        return !task.needResched() && !nonspinnable && (writer == null || writer.isOnCpu());
    }

    /// `rwsem_optimistic_spin`: one writer at a time, in MCS order, with preemption off.
    private boolean optimisticSpin(Task task) {
        task.preemptDisable();
        boolean taken = false;
        if (enterSpinQueue(task)) {
            taken = spinForLock(task);
            leaveSpinQueue();
        }
        task.preemptEnable();
        return taken;
    }

    private boolean enterSpinQueue(Task task) {
        spinQueue.addLast(task);
        while (spinQueue.peekFirst() != task) {
            if (task.needResched()) {
                spinQueue.remove(task);
                return false;
            }
            task.spin(Long.MAX_VALUE);
        }
        return true;
    }

    private void leaveSpinQueue() {
        spinQueue.removeFirst();
        Task next = spinQueue.peekFirst();
        if (next != null) {
            next.kick();
        }
    }

    private boolean spinForLock(Task task) {
        Owner previous = Owner.NONSPINNABLE;
        long readerSpinEnd = Long.MAX_VALUE;
        while (true) {
            Owner owner = spinOnWriter(task);
            if (owner == Owner.NONSPINNABLE) {
                return false;
            }
            if (isFree()) {
                // Taken at this instant; the caller tells the tracepoints once it has left the spin queue.
                setOwner(task);
                return true;
            }
            if (owner == Owner.READER) {
                if (previous != Owner.READER) {
                    readerSpinEnd = task.now() + readerSpinNs();
                } else if (task.now() >= readerSpinEnd) {
                    nonspinnable = true;
                    return false;
                }
            }
            if (owner != Owner.WRITER && (task.needResched() || (task.isRealTime() && previous != Owner.WRITER))) {
                return false;
            }
            previous = owner;
            watchOwner(task, owner == Owner.READER ? readerSpinEnd : Long.MAX_VALUE);
        }
    }

    /// `rwsem_rspin_threshold`: 10 µs and half a microsecond for each reader, 25 µs at most.
    private long readerSpinNs() {
        return (20 + Math.min(readers, MAX_COUNTED_READERS)) * 1_000L / 2;
    }

    /// `rwsem_spin_on_owner`: while a writer owns the lock and runs, waits for that to change.
    private Owner spinOnWriter(Task task) {
        Task owner = writer;
        if (owner == null) {
            return ownerState();
        }
        owner.watchOffCpu(task);
        Owner outcome = null;
        while (outcome == null) {
            if (nonspinnable || task.needResched() || !owner.isOnCpu()) {
                outcome = Owner.NONSPINNABLE;
            } else {
                watchOwner(task, Long.MAX_VALUE);
                outcome = writer == owner ? null : ownerState();
            }
        }
        owner.unwatchOffCpu(task);
        return outcome;
    }

    private Owner spinAsFirstWaiter(Task task) {
        task.preemptDisable();
        Owner owner = spinOnWriter(task);
        task.preemptEnable();
        return owner;
    }

    private Owner ownerState() {
        if (nonspinnable) {
            return Owner.NONSPINNABLE;
        }
        if (readerOwned) {
            return Owner.READER;
        }
        return writer == null ? Owner.NONE : Owner.WRITER;
    }

    private void watchOwner(Task task, long deadline) {
        ownerWatchers.add(task);
        task.spin(deadline);
        ownerWatchers.remove(task);
    }

    private void kickSpinners() {
        for (int i = 0; i < ownerWatchers.size(); i++) {
            ownerWatchers.get(i).kick();
        }
    }

    // State

    /// Whether anybody holds it.
    public boolean isLocked() {
        return writer != null || readers > 0;
    }

    public boolean isWriteLocked() {
        return writer != null;
    }

    /// Whether anybody queues (`rwsem_is_contended`).
    public boolean isContended() {
        return !waiters.isEmpty();
    }

    public boolean isReadHeldBy(Task task) {
        return task.held().contains(this, LockMode.READ);
    }

    public boolean isWriteHeldBy(Task task) {
        return task.held().contains(this, LockMode.WRITE);
    }

    private static long jiffies(Task task) {
        return task.now() / Scheduler.TICK_NS;
    }
}
