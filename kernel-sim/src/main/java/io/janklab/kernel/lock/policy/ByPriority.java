package io.janklab.kernel.lock.policy;

import java.util.List;

/// The order of a queue in which more urgent waiters go first.
final class ByPriority {
    private ByPriority() {}

    /// Behind the last waiter that is no less urgent than `waiter`.
    static int place(List<? extends Waiter> queue, Waiter waiter) {
        int place = queue.size();
        while (place > 0 && waiter.task().prio() < queue.get(place - 1).task().prio()) {
            place--;
        }
        return place;
    }
}
