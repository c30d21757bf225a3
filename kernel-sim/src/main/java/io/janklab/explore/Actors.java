package io.janklab.explore;

import io.janklab.kernel.cpu.Scheduler;
import io.janklab.kernel.cpu.Task;
import io.janklab.sim.Event;
import io.janklab.sim.Simulation;
import org.jspecify.annotations.Nullable;

/// Whatever can make the next step: a core, which runs the code of its task, or an event that has been put off (the end of a grace period,
/// a read from storage, a timeout). Each is known by the number of its event.
public final class Actors {
    static final int NOBODY = -1;

    private final Simulation simulation;
    private final Scheduler scheduler;
    private final long cores;
    /// The events that have made a step: they may be retired by then.
    private final @Nullable Event[] stepped = new Event[Long.SIZE];

    Actors(Simulation simulation, Scheduler scheduler) {
        this.simulation = simulation;
        this.scheduler = scheduler;
        long mask = 0;
        for (int cpu = 0; cpu < scheduler.cpuCount(); cpu++) {
            mask |= Bits.of(scheduler.cpu(cpu).burstEnd().number());
        }
        this.cores = mask;
    }

    /// The actors that are cores, a bit each.
    long cores() {
        return cores;
    }

    boolean isCore(int actor) {
        return Bits.contains(cores, actor);
    }

    /// That actor makes the next step.
    void step(int actor) {
        if (!isCore(actor)) {
            stepped[actor] = simulation.event(actor);
        }
    }

    /// The task on the core that an actor is; null if it is none, or an idle one.
    @Nullable Task taskOf(int actor) {
        return isCore(actor) ? scheduler.cpu(cpuOf(actor)).current() : null;
    }

    private int cpuOf(int actor) {
        return Long.bitCount(cores & Bits.of(actor) - 1);
    }

    /// The actor of that name among `candidates`, or [#NOBODY].
    int named(String name, long candidates) {
        for (long rest = candidates; rest != 0; rest &= rest - 1) {
            int actor = Long.numberOfTrailingZeros(rest);
            if (name(actor).equals(name)) {
                return actor;
            }
        }
        return NOBODY;
    }

    /// Tasks are A, B, C and D in the order they were named, their children E and on.
    public String name(int actor) {
        if (!isCore(actor)) {
            Event known = stepped[actor];
            return (known != null ? known : simulation.event(actor)).toString();
        }
        int cpu = cpuOf(actor);
        return cpu < BootedProgram.FIRST_TASK_CPU ? "kswapd" : taskName(cpu - BootedProgram.FIRST_TASK_CPU);
    }

    public static String taskName(int task) {
        return String.valueOf((char) ('A' + task));
    }
}
