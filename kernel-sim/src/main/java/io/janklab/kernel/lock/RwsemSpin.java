package io.janklab.kernel.lock;

import io.janklab.kernel.cpu.Task;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/// How writers spin for an rw_semaphore instead of sleeping (`RWSEM_SPIN_ON_OWNER`): one at a time in MCS order, with preemption off,
/// while a writing owner runs, and for at most 25 µs on readers.
final class RwsemSpin {
    private static final int MAX_COUNTED_READERS = 30;

    /// What a spinner finds (`enum owner_state`).
    private enum Owner {
        NONE,
        WRITER,
        READER,
        NONSPINNABLE
    }

    private final RwSemaphore lock;
    /// Set when spinning on readers was in vain, until they have left.
    private boolean nonspinnable;
    /// The MCS queue; only its first watches the owner.
    private final ArrayDeque<Task> queue = new ArrayDeque<>();
    private final List<Task> watchers = new ArrayList<>(2);

    RwsemSpin(RwSemaphore lock) {
        this.lock = lock;
    }

    void allow() {
        nonspinnable = false;
    }

    /// Whether anybody watches the owner.
    boolean isWatched() {
        return !watchers.isEmpty();
    }

    /// The owner has changed: whoever watches looks again.
    void kick() {
        for (int i = 0; i < watchers.size(); i++) {
            watchers.get(i).kick();
        }
    }

    /// `rwsem_can_spin_on_owner`.
    boolean isWorthwhile(Task task) {
        Task writer = lock.writer();
        return !task.needResched() && !nonspinnable && (writer == null || writer.isOnCpu());
    }

    /// `rwsem_optimistic_spin`.
    ///
    /// @return whether the lock has been taken
    boolean forLock(Task task) {
        task.preemptDisable();
        boolean taken = false;
        if (enterQueue(task)) {
            taken = spin(task);
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
            task.spin(Long.MAX_VALUE);
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

    private boolean spin(Task task) {
        Owner previous = Owner.NONSPINNABLE;
        long readerSpinEnd = Long.MAX_VALUE;
        while (true) {
            Owner owner = watchWriter(task);
            if (owner == Owner.NONSPINNABLE) {
                return false;
            }
            if (lock.isFree()) {
                // Taken at this instant; the caller tells the tracepoints once it has left the spin queue.
                lock.setWriter(task);
                return true;
            }
            if (owner == Owner.READER) {
                if (previous != Owner.READER) {
                    readerSpinEnd = task.now() + readerSpinNs(lock.readers());
                } else if (task.now() >= readerSpinEnd) {
                    nonspinnable = true;
                    return false;
                }
            }
            if (owner != Owner.WRITER && (task.needResched() || (task.isRealTime() && previous != Owner.WRITER))) {
                return false;
            }
            previous = owner;
            watch(task, owner == Owner.READER ? readerSpinEnd : Long.MAX_VALUE);
        }
    }

    /// `rwsem_rspin_threshold`: 10 µs and half a microsecond for each reader, 25 µs at most.
    static long readerSpinNs(int readers) {
        return (20 + Math.min(readers, MAX_COUNTED_READERS)) * 1_000L / 2;
    }

    /// The first waiter, who has set HANDOFF, spins on a running writer before it sleeps again.
    ///
    /// @return whether the lock has no owner any more
    boolean asFirstWaiter(Task task) {
        task.preemptDisable();
        Owner owner = watchWriter(task);
        task.preemptEnable();
        return owner == Owner.NONE;
    }

    /// `rwsem_spin_on_owner`: while a writer owns the lock and runs, waits for that to change.
    private Owner watchWriter(Task task) {
        Task owner = lock.writer();
        if (owner == null) {
            return owner();
        }
        owner.spinners().add(task);
        Owner outcome = null;
        while (outcome == null) {
            if (nonspinnable || task.needResched() || !owner.isOnCpu()) {
                outcome = Owner.NONSPINNABLE;
            } else {
                watch(task, Long.MAX_VALUE);
                outcome = lock.writer() == owner ? null : owner();
            }
        }
        owner.spinners().remove(task);
        return outcome;
    }

    private Owner owner() {
        if (nonspinnable) {
            return Owner.NONSPINNABLE;
        }
        if (lock.isReaderOwned()) {
            return Owner.READER;
        }
        return lock.writer() == null ? Owner.NONE : Owner.WRITER;
    }

    private void watch(Task task, long deadline) {
        watchers.add(task);
        task.spin(deadline);
        watchers.remove(task);
        lock.lookAgain();
    }
}
