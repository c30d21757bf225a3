package io.janklab.kernel.lock;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.interleave.Interleaving;
import io.janklab.kernel.interleave.Shared;
import io.janklab.kernel.lock.policy.LockPolicies;
import io.janklab.kernel.lock.policy.LockPolicy;
import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.TracedLock;
import io.janklab.kernel.trace.Tracepoints;
import org.jspecify.annotations.Nullable;

/// State shared by all locks of one machine: their trace, their costs, and their rules.
///
/// In the bound `oracle=uncontended` the holder of a lock acts in one instant and pays for the time afterwards, so no task ever finds it
/// taken, unless its holder sleeps. That is a bound, not a kernel.
public final class Locking {
    private final Tracepoints tracepoints;
    private final CostModel costs;
    private final LockPolicy policy;
    private final @Nullable PriorityLoans loans;
    private final boolean uncontended;
    private final long transferNs;
    private final Interleaving interleaving;
    private int locks;

    public Locking(Tracepoints tracepoints, CostModel costs, LockPolicy policy, boolean uncontended, Interleaving interleaving) {
        this.interleaving = interleaving;
        this.tracepoints = tracepoints;
        this.costs = costs;
        this.transferNs = costs.ns(Cost.LOCK_TRANSFER);
        this.policy = policy;
        this.loans = policy.lendsTo(LockMode.READ) || policy.lendsTo(LockMode.WRITE) ? new PriorityLoans(policy) : null;
        this.uncontended = uncontended;
    }

    public static Locking of(KernelProfile profile, Tracepoints tracepoints, CostModel costs, Interleaving interleaving) {
        LockPolicy own = profile.own(LockPolicy.class);
        LockPolicy policy = own != null ? own : LockPolicies.byName(profile.value(Switch.RWSEM_POLICY));
        return new Locking(tracepoints, costs, policy, profile.is(Switch.ORACLE, SwitchValue.UNCONTENDED), interleaving);
    }

    public Tracepoints tracepoints() {
        return tracepoints;
    }

    public CostModel costs() {
        return costs;
    }

    /// Decides where tasks contend for a lock.
    public LockPolicy policy() {
        return policy;
    }

    /// Null where the policy lends nothing.
    @Nullable PriorityLoans loans() {
        return loans;
    }

    /// The number of a lock being made: these count up from 0.
    int newLockId() {
        return locks++;
    }

    public Interleaving interleaving() {
        return interleaving;
    }

    /// One atomic operation on a lock, and all that the task owed before it.
    void payAndSettle(Task task, LockWord lock) {
        task.charge(costs, Cost.LOCK);
        settle(task, lock);
    }

    /// As [#payAndSettle], by one reader of many: it only counts, unless the lock reports that it did more.
    void payAndSettleReader(Task task, LockWord lock) {
        task.charge(costs, Cost.LOCK);
        settleLine(task, lock);
        Interleaving.add(interleaving, Shared.LOCK, lock.id, lock);
    }

    /// A reader's operation has depended on others, or others on it.
    void readerDidMore(LockWord lock) {
        Interleaving.note(interleaving, Shared.LOCK, lock.id, true);
    }

    /// The operation alone, its cost already charged, except for the wait for its cache line.
    void settle(Task task, LockWord lock) {
        settleLine(task, lock);
        Interleaving.write(interleaving, Shared.LOCK, lock.id, lock);
    }

    private void settleLine(Task task, LockWord lock) {
        task.settle();
        if (lock.isElsewhere(task.cpu())) {
            task.stallUntil(lock.fetch(task.cpu(), task.now(), transferNs));
        }
    }

    /// The lock is `task`'s from now on; it was wanted since `wantedAt` (ns).
    void acquired(Task task, TracedLock lock, LockMode mode, long wantedAt) {
        hold(task, lock, mode);
        if (lock instanceof LockWord word) {
            word.got(false);
        }
        tracepoints.lockAcquired(task.now(), lock, task, mode, task.now() - wantedAt);
        if (lock instanceof LockWord word) {
            word.acquiredBy(task);
        }
    }

    /// The same by a trylock, where the kernel calls no `lock_acquired`.
    void acquiredByTrying(Task task, LockWord lock, LockMode mode) {
        hold(task, lock, mode);
        lock.got(true);
        tracepoints.lockAcquired(task.now(), lock, task, mode, 0);
    }

    void released(Task task, TracedLock lock, LockMode mode) {
        drop(task, lock);
        tracepoints.lockReleased(task.now(), lock, task, mode);
    }

    /// As [#acquired], untraced.
    void hold(Task task, TracedLock lock, LockMode mode) {
        task.held().push(lock, mode);
        if (uncontended) {
            task.deferTime();
        }
    }

    /// As [#released], untraced.
    void drop(Task task, TracedLock lock) {
        task.held().remove(lock);
        if (uncontended) {
            task.resumeTime();
        }
    }
}
