package io.janklab.kernel.cpu;

/// A task's standing in the fair class (Linux `sched_entity`), in virtual nanoseconds: real ones times 1024 / weight.
final class FairEntity {
    int weight = Nice.WEIGHT_0;
    long vruntime;
    /// When its current request of one slice should be served by.
    long deadline;
    /// How far it was ahead of (negative) or behind (positive) the average when it left the queue.
    long lag;
    /// The deadline it had when it got the core: while they are equal it runs to parity (`RUN_TO_PARITY`).
    long protectedDeadline;
    boolean placed;
    /// It sleeps, but has not left its queue yet (`sched_delayed`).
    boolean delayed;

    void setNice(int nice) {
        weight = Nice.weight(nice);
    }

    /// Keeps its lag and its open request in real time when its weight changes by that ratio (`rescale_entity`).
    void rescale(long average, int oldWeight) {
        long request = deadline - vruntime;
        boolean isProtected = protectedDeadline == deadline;
        vruntime = average - (average - vruntime) * oldWeight / weight;
        deadline = vruntime + request * oldWeight / weight;
        if (isProtected) {
            protectedDeadline = deadline;
        }
    }

    /// Real to virtual time (`calc_delta_fair`).
    long virtual(long ns) {
        return weight == Nice.WEIGHT_0 ? ns : ns * Nice.WEIGHT_0 / weight;
    }

    /// Runs on for `ns`; starts a new request when the old one has been served (`update_deadline`).
    ///
    /// @return whether a request was completed
    boolean ran(long ns, long slice) {
        vruntime += virtual(ns);
        if (vruntime < deadline) {
            return false;
        }
        deadline = vruntime + virtual(slice);
        return true;
    }
}
