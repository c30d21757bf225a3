package io.janklab.kernel.lock;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.lock.policy.LockPolicy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/// How writers, and readers if the policy lets them, spin for an rw_semaphore instead of sleeping (`RWSEM_SPIN_ON_OWNER`): one at a time in
/// MCS order, with preemption off, while a writing owner runs, and writers on readers for as long as the policy says.
final class RwsemSpin {
    /// The state that a spinner finds (`enum owner_state`).
    private enum Owner {
        NONE,
        WRITER,
        READER,
        NONSPINNABLE
    }

    private final RwSemaphore lock;
    private final LockPolicy policy;
    /// Set when spinning on readers was in vain, until they have left.
    private boolean nonspinnable;
    /// The same for readers, who have not got another chance until a writer has had the lock (`RWSEM_RD_NONSPINNABLE`, 5.10).
    private boolean readersNonspinnable;
    /// The MCS queue; only its first watches the owner.
    private final ArrayDeque<Task> queue = new ArrayDeque<>();
    private final List<Task> watchers = new ArrayList<>(2);
    /// How often the owner has changed: a task that has read it before and begins to watch only now misses no change.
    private int kicks;

    RwsemSpin(RwSemaphore lock, LockPolicy policy) {
        this.lock = lock;
        this.policy = policy;
    }

    void allow() {
        nonspinnable = false;
    }

    /// A writer has the lock: what its readers' owner word said is gone.
    void ownedByWriter() {
        nonspinnable = false;
        readersNonspinnable = false;
    }

    /// The writer that has the lock had seen that spinning was in vain (`rwsem_disable_reader_optspin`).
    void forbidReaders() {
        readersNonspinnable = true;
    }

    boolean mayReadersSpin() {
        return !readersNonspinnable;
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
        return nonspinnable;
    }

    /// `rwsem_optimistic_spin` of a writer.
    ///
    /// @return whether the lock has been taken
    boolean toWrite(Task task) {
        return forLock(task, false);
    }

    /// The same of a reader.
    boolean toRead(Task task) {
        return forLock(task, true);
    }

    private boolean forLock(Task task, boolean reader) {
        task.preemptDisable();
        boolean taken = false;
        if (enterQueue(task)) {
            taken = spin(task, reader);
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
                task.spin(Long.MAX_VALUE);
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

    private boolean spin(Task task, boolean reader) {
        Owner previous = Owner.NONSPINNABLE;
        long readerSpinEnd = Long.MAX_VALUE;
        while (true) {
            Owner owner = watchWriter(task, reader);
            int seen = kicks;
            if (owner == Owner.NONSPINNABLE) {
                return false;
            }
            // Taken at this instant; the caller tells the tracepoints once it has left the spin queue.
            if (reader && lock.writer() == null && !lock.isHandoff()) {
                lock.addReader(task);
                return true;
            }
            if (!reader && policy.spinnerMayTake(lock, task)) {
                lock.setWriter(task);
                return true;
            }
            if (owner == Owner.READER && !reader) {
                if (previous != Owner.READER) {
                    readerSpinEnd = task.now() + policy.readerSpinNs(lock.readers());
                } else if (task.now() >= readerSpinEnd) {
                    nonspinnable = true;
                    readersNonspinnable = true;
                    return false;
                }
            }
            if (owner != Owner.WRITER && (task.needResched() || (task.isRealTime() && previous != Owner.WRITER))) {
                return false;
            }
            previous = owner;
            watch(task, owner == Owner.READER && !reader ? readerSpinEnd : Long.MAX_VALUE, seen);
        }
    }

    /// The first waiter, which has set HANDOFF, spins on a running writer before it sleeps again.
    ///
    /// @return whether the lock has no owner any more
    boolean asFirstWaiter(Task task) {
        task.preemptDisable();
        Owner owner = watchWriter(task, false);
        task.preemptEnable();
        return owner == Owner.NONE;
    }

    /// `rwsem_spin_on_owner`: while a writer owns the lock and runs, waits for that to change.
    private Owner watchWriter(Task task, boolean reader) {
        Task owner = lock.writer();
        if (owner == null) {
            return owner(reader);
        }
        owner.spinners().add(task);
        Owner outcome = null;
        while (outcome == null) {
            int seen = kicks;
            if (isNonspinnable(reader) || task.needResched() || !owner.isOnCpu()) {
                outcome = Owner.NONSPINNABLE;
            } else {
                watch(task, Long.MAX_VALUE, seen);
                outcome = lock.writer() == owner ? null : owner(reader);
            }
        }
        owner.spinners().remove(task);
        return outcome;
    }

    private boolean isNonspinnable(boolean reader) {
        return reader ? readersNonspinnable : nonspinnable;
    }

    private Owner owner(boolean reader) {
        if (isNonspinnable(reader)) {
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
