package io.janklab.kernel.lock;

import io.janklab.kernel.cpu.PolicyMistake;
import io.janklab.kernel.lock.policy.LockPolicy;
import io.janklab.kernel.lock.policy.Rwsem;
import io.janklab.kernel.trace.LockMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/// The wait list of one rw_semaphore, in the order its policy wants.
final class RwsemQueue {
    private final LockPolicy policy;
    private final List<RwsemWaiter> waiters = new ArrayList<>(4);
    private final List<RwsemWaiter> view = Collections.unmodifiableList(waiters);

    RwsemQueue(LockPolicy policy) {
        this.policy = policy;
    }

    /// A live view, not to be changed.
    List<RwsemWaiter> view() {
        return view;
    }

    boolean isEmpty() {
        return waiters.isEmpty();
    }

    RwsemWaiter first() {
        return waiters.getFirst();
    }

    /// The waiter whose turn it is.
    RwsemWaiter next(Rwsem lock) {
        int place = policy.next(lock);
        if (place < 0 || place >= waiters.size()) {
            throw PolicyMistake.of(policy, "next", " gives the turn to place " + place + " of a queue of " + waiters.size());
        }
        return waiters.get(place);
    }

    void add(RwsemWaiter waiter) {
        int place = policy.place(view, waiter);
        if (place < 0 || place > waiters.size()) {
            throw PolicyMistake.of(policy, "place", " places a waiter at " + place + " of a queue of " + waiters.size());
        }
        for (int i = place; i < waiters.size(); i++) {
            waiters.get(i).bypassed++;
        }
        waiters.add(place, waiter);
    }

    /// A task that never queued has been let in.
    void bypassedByAll() {
        for (int i = 0; i < waiters.size(); i++) {
            waiters.get(i).bypassed++;
        }
    }

    void remove(RwsemWaiter waiter) {
        waiters.remove(waiter);
    }

    /// Takes out the readers that one wake-up lets in and hands each to `granted`.
    void takeReaders(Consumer<RwsemWaiter> granted) {
        int most = policy.readersPerWake();
        if (most < 1) {
            throw PolicyMistake.of(policy, "readersPerWake", " lets in " + most + " readers, whose turn it is");
        }
        boolean pass = policy.readersPassWriters();
        boolean passing = false;
        int taken = 0;
        for (Iterator<RwsemWaiter> queue = waiters.iterator(); queue.hasNext() && taken < most && (pass || !passing); ) {
            RwsemWaiter waiter = queue.next();
            if (waiter.mode == LockMode.READ) {
                queue.remove();
                taken++;
                granted.accept(waiter);
            } else {
                passing = taken > 0;
            }
        }
    }

    /// The priority of the most urgent waiter, or [Integer#MAX_VALUE].
    int mostUrgent() {
        int prio = Integer.MAX_VALUE;
        for (int i = 0; i < waiters.size(); i++) {
            prio = Math.min(prio, waiters.get(i).task.prio());
        }
        return prio;
    }
}
