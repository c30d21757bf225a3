package io.janklab.sim;

/// Something that happens at one instant of virtual time.
///
/// An event belongs to one [Simulation] for life and is queued there at most once at a time: scheduling it again moves it. Make it
/// once and keep it (a CPU's end of burst, a task's timer); scheduling then allocates nothing.
public abstract class Event {
    final Simulation simulation;
    /// Index into the simulation's tables; stable for the event's life.
    final int slot;

    protected Event(Simulation simulation) {
        this.simulation = simulation;
        this.slot = simulation.register(this);
    }

    /// Called by the simulation when the event's time has come; the event is no longer queued then.
    protected abstract void fire();

    /// Queues this event for `time` (ns); if it is queued already, moves it there, behind events already due at that time.
    ///
    /// @throws IllegalArgumentException if `time` lies in the past
    public final void schedule(long time) {
        simulation.schedule(this, time);
    }

    /// Takes this event out of the queue; does nothing if it is not queued.
    public final void cancel() {
        simulation.cancel(this);
    }

    /// Takes this event out of the queue, and out of the simulation's tables: it must not be scheduled again.
    public final void retire() {
        simulation.retire(this);
    }

    /// How many events its simulation had when it was made.
    public final int number() {
        return slot;
    }

    public final boolean isScheduled() {
        return simulation.isQueued(this);
    }

    /// The time (ns) for which this event is queued.
    ///
    /// @throws IllegalStateException if it is not queued
    public final long time() {
        return simulation.timeOf(this);
    }
}
