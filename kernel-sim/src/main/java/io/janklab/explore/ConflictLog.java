package io.janklab.explore;

import io.janklab.kernel.interleave.Shared;
import io.janklab.sim.Simulation;
import java.util.Arrays;

/// The accesses of each step of one run, and the step that enabled each actor.
public final class ConflictLog {
    private static final int NOBODY = -1;

    private final Simulation simulation;
    /// The actors that are cores; all others are events, which a step may also cancel.
    private final long cores;
    private final AccessLog accesses = new AccessLog();
    private int[] enabledBy = new int[64];
    /// For each actor, the step that enabled it, if it has not run since.
    private final int[] wokenBy = new int[Long.SIZE];
    private long queuedBefore;
    private int current = NOBODY;
    private int actors;

    ConflictLog(Simulation simulation, long cores) {
        this.simulation = simulation;
        this.cores = cores;
        Arrays.fill(wokenBy, NOBODY);
    }

    void beginStep(int actor) {
        int step = accesses.steps();
        if (step == enabledBy.length) {
            enabledBy = Arrays.copyOf(enabledBy, step * 2);
        }
        accesses.beginStep(actor);
        enabledBy[step] = wokenBy[actor];
        wokenBy[actor] = NOBODY;
        actors = Math.max(actors, actor + 1);
        if (!Bits.contains(cores, actor)) {
            accesses.add(Shared.EVENT, actor, AccessLog.WRITE, false);
        }
        if (simulation.event(actor).isScheduled() && simulation.event(actor).time() > simulation.now()) {
            accesses.add(Shared.CLOCK, 0, AccessLog.WRITE, false);
        }
        queuedBefore = simulation.queued() & ~Bits.of(actor);
        current = actor;
    }

    /// An actor that could not run before the step and now can has been enabled by it; one that could and now cannot has been cancelled.
    void endStep() {
        if (current == NOBODY) {
            return;
        }
        long queued = simulation.queued() & ~Bits.of(current);
        for (long rest = queued & ~queuedBefore; rest != 0; rest &= rest - 1) {
            wokenBy[Long.numberOfTrailingZeros(rest)] = accesses.steps() - 1;
        }
        for (long rest = queuedBefore & ~queued; rest != 0; rest &= rest - 1) {
            accesses.add(Shared.EVENT, Long.numberOfTrailingZeros(rest), AccessLog.WRITE, false);
        }
    }

    public AccessLog accesses() {
        return accesses;
    }

    /// The step that enabled the actor of `step`, or −1.
    public int enabledBy(int step) {
        return enabledBy[step];
    }

    /// One more than the highest actor.
    public int actors() {
        return actors;
    }
}
