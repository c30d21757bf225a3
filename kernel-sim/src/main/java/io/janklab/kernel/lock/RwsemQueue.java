package io.janklab.kernel.lock;

import io.janklab.kernel.trace.LockMode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/// The wait list of one rw_semaphore: first come first served, unless a what-if policy lets the more urgent go first.
final class RwsemQueue {
    private final RwsemPolicy policy;
    private final List<RwsemWaiter> waiters = new ArrayList<>(4);

    RwsemQueue(RwsemPolicy policy) {
        this.policy = policy;
    }

    boolean isEmpty() {
        return waiters.isEmpty();
    }

    RwsemWaiter first() {
        return waiters.getFirst();
    }

    void add(RwsemWaiter waiter) {
        int place = waiters.size();
        if (mayOvertake(waiter)) {
            while (place > 0 && waiter.task.prio() < waiters.get(place - 1).task.prio()) {
                place--;
            }
        }
        waiters.add(place, waiter);
    }

    private boolean mayOvertake(RwsemWaiter waiter) {
        return switch (policy) {
            case LINUX -> false;
            case WRITER_BOOST -> waiter.mode == LockMode.WRITE && !waiters.isEmpty() && !first().isImpatient();
            case INHERIT -> true;
        };
    }

    void remove(RwsemWaiter waiter) {
        waiters.remove(waiter);
    }

    /// Takes out the first `most` readers, skipping writers, and hands each to `granted`.
    void takeReaders(int most, Consumer<RwsemWaiter> granted) {
        int taken = 0;
        for (Iterator<RwsemWaiter> queue = waiters.iterator(); queue.hasNext() && taken < most; ) {
            RwsemWaiter waiter = queue.next();
            if (waiter.mode == LockMode.READ) {
                queue.remove();
                taken++;
                granted.accept(waiter);
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
