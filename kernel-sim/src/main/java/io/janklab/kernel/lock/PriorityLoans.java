package io.janklab.kernel.lock;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.lock.policy.LockPolicy;
import io.janklab.kernel.trace.LockMode;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/// The priorities that waiters of rw_semaphores lend to holders, where a what-if policy says so.
///
/// **Caveats.** A waiter that is lent a more urgent priority keeps its place in the queue.
final class PriorityLoans {
    /// A lock whose waiters lend to its holders.
    interface Lender {
        /// The priority of the most urgent waiter, or [Integer#MAX_VALUE].
        int mostUrgentWaiter();
    }

    private final LockPolicy policy;
    /// The holders that may be lent to, and what they hold; only looked up, never iterated.
    private final Map<Lender, List<Task>> holders = new IdentityHashMap<>();
    /// The locks among those that each holder holds.
    private final Map<Task, List<Lender>> holds = new IdentityHashMap<>();
    private final Map<Task, Lender> waitingFor = new IdentityHashMap<>();

    PriorityLoans(LockPolicy policy) {
        this.policy = policy;
    }

    void acquired(Lender lock, Task task, LockMode mode) {
        if (policy.lendsTo(mode)) {
            holdersOf(lock).add(task);
            heldBy(task).add(lock);
        }
        waitingFor.remove(task);
        lend(lock, lock.mostUrgentWaiter());
    }

    /// `task` has released `lock`: it keeps only what waiters for its other locks lend it.
    void released(Lender lock, Task task) {
        holdersOf(lock).remove(task);
        heldBy(task).remove(lock);
        keepOtherLoans(task);
    }

    private void keepOtherLoans(Task holder) {
        int lent = Integer.MAX_VALUE;
        List<Lender> held = heldBy(holder);
        for (int i = 0; i < held.size(); i++) {
            lent = Math.min(lent, held.get(i).mostUrgentWaiter());
        }
        holder.inherit(lent);
    }

    /// `task` has begun to wait for `lock`.
    void waits(Lender lock, Task task) {
        waitingFor.put(task, lock);
        lend(lock, task.prio());
    }

    /// `task` no longer waits for `lock`: its holders keep only what others lend them.
    void gaveUp(Lender lock, Task task) {
        waitingFor.remove(task);
        List<Task> borrowers = holdersOf(lock);
        for (int i = 0; i < borrowers.size(); i++) {
            keepOtherLoans(borrowers.get(i));
        }
    }

    private List<Task> holdersOf(Lender lock) {
        return holders.computeIfAbsent(lock, key -> new ArrayList<>(4));
    }

    private List<Lender> heldBy(Task task) {
        return holds.computeIfAbsent(task, key -> new ArrayList<>(4));
    }

    /// Lends `prio` to every holder of `lock` that is less urgent, and on along the chain of what those wait for.
    private void lend(Lender lock, int prio) {
        List<Task> borrowers = holdersOf(lock);
        for (int i = 0; i < borrowers.size(); i++) {
            Task holder = borrowers.get(i);
            if (prio < holder.prio()) {
                holder.inherit(prio);
                Lender next = waitingFor.get(holder);
                if (next != null) {
                    lend(next, prio);
                }
            }
        }
    }
}
