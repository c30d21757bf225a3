package io.janklab.workloads.app;

import io.janklab.kernel.cpu.Task;
import io.janklab.sim.RandomStream;

/// Points in time that come at random, independently of one another (a Poisson process).
final class Arrivals {
    private static final double NS_PER_S = 1e9;

    private final RandomStream random;
    private final double meanGapNs;
    private double next;

    /// @param perS mean number a second; 0 for none ever
    Arrivals(RandomStream random, double perS, long startNs) {
        this.random = random;
        this.meanGapNs = NS_PER_S / perS;
        this.next = startNs;
    }

    /// Sleeps until the next arrival; returns at once if `task` is late for it.
    void await(Task task) {
        next += random.exponential(meanGapNs);
        task.sleepUntil((long) Math.min(next, Long.MAX_VALUE));
    }
}
