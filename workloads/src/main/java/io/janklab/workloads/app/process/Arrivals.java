package io.janklab.workloads.app.process;

import io.janklab.kernel.cpu.Task;
import io.janklab.sim.RandomStream;

/// Points in time that come at random, independently of one another (a Poisson process).
public final class Arrivals {
    private static final double NS_PER_S = 1e9;

    private final RandomStream random;
    private final double meanGapNs;
    private double next;

    /// @param perS mean number a second; 0 for none ever
    public Arrivals(RandomStream random, double perS, long startNs) {
        this.random = random;
        this.meanGapNs = NS_PER_S / perS;
        this.next = startNs;
    }

    /// Sleeps until the next arrival; returns at once if `task` is late for it.
    public void await(Task task) {
        next += random.exponential(meanGapNs);
        task.sleepUntil((long) Math.min(next, Long.MAX_VALUE));
    }
}
