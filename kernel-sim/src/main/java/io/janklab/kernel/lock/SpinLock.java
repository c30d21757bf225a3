package io.janklab.kernel.lock;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.interleave.Interleaving;
import io.janklab.kernel.trace.LockClass;
import io.janklab.kernel.trace.LockMode;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// A queued spinlock (`kernel/locking/qspinlock.c`): first come first served, preemption off while spinning and while held.
///
/// As in Linux, only contention is traced. One per page table, so it is kept small: its queue exists only once a task has waited.
public final class SpinLock extends LockWord {
    private final Locking locking;
    private final LockClass lockClass;
    private @Nullable Task holder;
    private @Nullable ArrayDeque<Task> queue;

    public SpinLock(Locking locking, LockClass lockClass) {
        super(locking.newLockId());
        this.locking = locking;
        this.lockClass = lockClass;
    }

    /// `spin_lock`.
    public void lock(Task task) {
        task.charge(locking.costs(), Cost.LOCK);
        lockPaidFor(task);
    }

    /// As [#lock], its time being part of the caller's charges.
    public void lockPaidFor(Task task) {
        Lockdep.acquiring(task, this, LockMode.WRITE);
        locking.settle(task, this);
        task.preemptDisable();
        if (holder == null) {
            holder = task;
        } else {
            spin(task);
        }
        locking.hold(task, this, LockMode.WRITE);
    }

    private void spin(Task task) {
        if (queue == null) {
            queue = new ArrayDeque<>(4);
        }
        queue.addLast(task);
        locking.tracepoints().contentionBegin(task.now(), this, task, LockMode.WRITE);
        while (holder != task) {
            task.spin(Long.MAX_VALUE);
        }
        locking.tracepoints().contentionEnd(task.now(), this, task, LockMode.WRITE);
    }

    /// `spin_trylock`.
    public boolean trylock(Task task) {
        locking.payAndSettle(task, this);
        if (holder != null) {
            return false;
        }
        task.preemptDisable();
        holder = task;
        locking.hold(task, this, LockMode.WRITE);
        return true;
    }

    /// `spin_unlock`: the lock goes to the task that has spun longest.
    public void unlock(Task task) {
        locking.settle(task, this);
        if (holder != task) {
            throw new LockdepViolation("spin_unlock by a task that does not hold it", task, this);
        }
        locking.drop(task, this);
        if (queue == null) {
            holder = null;
        } else {
            passTo(queue.pollFirst());
        }
        task.preemptEnable();
    }

    private void passTo(@Nullable Task next) {
        holder = next;
        if (next != null) {
            next.kick();
        }
    }

    /// Its number among all locks of the machine.
    public int id() {
        return id;
    }

    /// The observer of accesses to what it protects.
    public Interleaving interleaving() {
        return locking.interleaving();
    }

    public boolean isLocked() {
        return holder != null;
    }

    /// Whether another task spins for it (`spin_is_contended`).
    public boolean isContended() {
        return queue != null && !queue.isEmpty();
    }

    /// Its holder's core: it is not preempted.
    @Override
    public int lastCpu() {
        return holder == null ? super.lastCpu() : holder.cpu().id();
    }

    @Override
    public String lastSite() {
        return holder == null ? super.lastSite() : holder.callSite();
    }

    @Override
    public LockClass lockClass() {
        return lockClass;
    }

    @Override
    public String name() {
        return lockClass.label();
    }
}
