package io.janklab.kernel.lock;

import io.janklab.kernel.cpu.PolicyMistake;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.lock.policy.LockPolicy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/// How writers, and readers if the policy lets them, spin for an rw_semaphore instead of sleeping (`RWSEM_SPIN_ON_OWNER`): one at a time in
/// MCS order, with preemption off, while a writing owner runs, and writers on readers for as long as the policy says.
final class RwsemSpin {
    private static final long FOR_EVER = Long.MAX_VALUE;

    /// The state that a spinner finds (`enum owner_state`).
    private enum Owner {
        NONE,
        WRITER,
        READER,
        NONSPINNABLE
    }

    private final RwSemaphore lock;
    private final LockPolicy policy;
    private final Side writers = new Writers();
    private final Side readers = new Readers();
    /// The MCS queue; only its first watches the owner.
    private final ArrayDeque<Task> queue = new ArrayDeque<>();
    private final List<Task> watchers = new ArrayList<>(2);
    /// How often the owner has changed: a task that has read it before and begins to watch only now misses no change.
    private int kicks;

    RwsemSpin(RwSemaphore lock, LockPolicy policy) {
        this.lock = lock;
        this.policy = policy;
    }

    /// What readers and writers do differently while they spin.
    private abstract static class Side {
        /// Spinning was in vain: of writers, on readers and until these have left; of readers, until a writer has had the lock
        /// (`RWSEM_RD_NONSPINNABLE`, 5.10).
        boolean nonspinnable;

        /// Whether the task has the lock now. Taken at this instant; the caller tells the tracepoints once it has left the spin queue.
        abstract boolean take(Task task);

        /// How long it spins on the readers that own the lock (ns).
        abstract long spinOnReadersNs();
    }

    private final class Writers extends Side {
        @Override
        boolean take(Task task) {
            boolean may = policy.spinnerMayTake(lock, task);
            if (may) {
                lock.setWriter(task, "spinnerMayTake");
            }
            return may;
        }

        @Override
        long spinOnReadersNs() {
            long ns = policy.readerSpinNs(lock.readers());
            if (ns < 0) {
                throw PolicyMistake.of(policy, "readerSpinNs", " spins on readers for " + ns + " ns");
            }
            return ns;
        }
    }

    private final class Readers extends Side {
        @Override
        boolean take(Task task) {
            boolean may = lock.writer() == null && !lock.isHandoff();
            if (may) {
                lock.addReader(task);
            }
            return may;
        }

        @Override
        long spinOnReadersNs() {
            return FOR_EVER;
        }
    }

    void allow() {
        writers.nonspinnable = false;
    }

    /// A writer has the lock: what its readers' owner word said is gone.
    void ownedByWriter() {
        writers.nonspinnable = false;
        readers.nonspinnable = false;
    }

    /// The writer that has the lock had seen that spinning was in vain (`rwsem_disable_reader_optspin`).
    void forbidReaders() {
        readers.nonspinnable = true;
    }

    boolean mayReadersSpin() {
        return !readers.nonspinnable;
    }

    /// Whether a task watches the owner.
    boolean isWatched() {
        return !watchers.isEmpty();
    }

    /// The owner has changed: watchers check again.
    void kick() {
        kicks++;
        for (int i = 0; i < watchers.size(); i++) {
            watchers.get(i).kick();
        }
    }

    boolean isNonspinnable() {
        return writers.nonspinnable;
    }

    /// `rwsem_optimistic_spin` of a writer.
    ///
    /// @return whether the lock has been taken
    boolean toWrite(Task task) {
        return forLock(task, writers);
    }

    /// The same of a reader.
    boolean toRead(Task task) {
        return forLock(task, readers);
    }

    private boolean forLock(Task task, Side side) {
        task.preemptDisable();
        boolean taken = false;
        if (enterQueue(task)) {
            taken = spin(task, side);
            leaveQueue();
        }
        task.preemptEnable();
        return taken;
    }

    private boolean enterQueue(Task task) {
        queue.addLast(task);
        while (queue.peekFirst() != task) {
            if (task.needResched()) {
                queue.remove(task);
                return false;
            }
            if (queue.peekFirst() != task) {
                task.spin(FOR_EVER);
            }
        }
        return true;
    }

    private void leaveQueue() {
        queue.removeFirst();
        Task next = queue.peekFirst();
        if (next != null) {
            next.kick();
        }
    }

    private boolean spin(Task task, Side side) {
        Owner previous = Owner.NONSPINNABLE;
        long readerSpinEnd = FOR_EVER;
        while (true) {
            Owner owner = watchWriter(task, side);
            int seen = kicks;
            if (owner == Owner.NONSPINNABLE) {
                return false;
            }
            if (side.take(task)) {
                return true;
            }
            if (owner == Owner.READER) {
                if (previous != Owner.READER) {
                    readerSpinEnd = after(task.now(), side.spinOnReadersNs());
                } else if (task.now() >= readerSpinEnd) {
                    writers.nonspinnable = true;
                    readers.nonspinnable = true;
                    return false;
                }
            }
            if (owner != Owner.WRITER && (task.needResched() || (task.isRealTime() && previous != Owner.WRITER))) {
                return false;
            }
            previous = owner;
            watch(task, owner == Owner.READER ? readerSpinEnd : FOR_EVER, seen);
        }
    }

    private static long after(long now, long ns) {
        return ns == FOR_EVER ? FOR_EVER : now + ns;
    }

    /// The first waiter, which has set HANDOFF, spins on a running writer before it sleeps again.
    ///
    /// @return whether the lock has no owner any more
    boolean asFirstWaiter(Task task) {
        task.preemptDisable();
        Owner owner = watchWriter(task, writers);
        task.preemptEnable();
        return owner == Owner.NONE;
    }

    /// `rwsem_spin_on_owner`: while a writer owns the lock and runs, waits for that to change.
    private Owner watchWriter(Task task, Side side) {
        Task owner = lock.writer();
        if (owner == null) {
            return owner(side);
        }
        owner.spinners().add(task);
        Owner outcome = null;
        while (outcome == null) {
            int seen = kicks;
            if (side.nonspinnable || task.needResched() || !owner.isOnCpu()) {
                outcome = Owner.NONSPINNABLE;
            } else {
                watch(task, FOR_EVER, seen);
                outcome = lock.writer() == owner ? null : owner(side);
            }
        }
        owner.spinners().remove(task);
        return outcome;
    }

    private Owner owner(Side side) {
        if (side.nonspinnable) {
            return Owner.NONSPINNABLE;
        }
        if (lock.isReaderOwned()) {
            return Owner.READER;
        }
        return lock.writer() == null ? Owner.NONE : Owner.WRITER;
    }

    /// Until the owner has changed since `seen` was the number of [#kicks].
    private void watch(Task task, long deadline, int seen) {
        if (kicks == seen) {
            watchers.add(task);
            task.spin(deadline);
            watchers.remove(task);
        }
        lock.lookAgain();
    }
}
