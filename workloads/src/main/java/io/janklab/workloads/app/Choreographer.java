package io.janklab.workloads.app;

import io.janklab.kernel.cpu.Task;
import io.janklab.sim.Event;
import io.janklab.sim.Simulation;

/// The app's vsync: one frame plan per refresh, delivered only when the UI thread has asked for it and at most one ahead (Android
/// `Choreographer`, `DisplayEventReceiver`). When frames queue up before the display, one vsync is left out (Android 16's recovery from
/// buffer stuffing); without that, one late frame would delay all after it.
final class Choreographer extends Event {
    private final Simulation simulation;
    private final FramePlanner planner;
    private final Runnable onVsync;
    private final Mailbox<FramePlan> looper;
    private final long periodNs;
    private long token;
    private boolean requested = true;
    private boolean stuffed;

    /// @param onVsync what else happens at every vsync, rendered or not
    Choreographer(Simulation simulation, FramePlanner planner, Mailbox<FramePlan> looper, long periodNs, Runnable onVsync) {
        super(simulation);
        this.simulation = simulation;
        this.planner = planner;
        this.looper = looper;
        this.periodNs = periodNs;
        this.onVsync = onVsync;
    }

    @Override
    protected void fire() {
        long now = simulation.now();
        FramePlan frame = planner.plan(++token, now);
        onVsync.run();
        if (requested && !stuffed) {
            requested = false;
            looper.post(null, frame);
        }
        stuffed = false;
        schedule(now + periodNs);
    }

    FramePlan awaitVsync(Task task) {
        return looper.take(task);
    }

    void requestNextVsync() {
        requested = true;
    }

    /// The RenderThread had to wait so long (ns) for a free buffer.
    void waitedForBuffer(long waitedNs) {
        stuffed |= waitedNs > periodNs / 2;
    }
}
