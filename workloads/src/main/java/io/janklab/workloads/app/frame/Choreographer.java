package io.janklab.workloads.app.frame;

import io.janklab.kernel.cpu.Task;
import io.janklab.sim.Event;
import io.janklab.sim.Simulation;
import io.janklab.workloads.app.process.Mailbox;

/// The app's vsync: one frame plan per refresh, delivered only when the UI thread has asked for it and at most one ahead (Android
/// `Choreographer`, `DisplayEventReceiver`). When frames queue up before the display, one vsync is left out (Android 16's recovery from
/// buffer stuffing); without that, one late frame would delay all after it.
public final class Choreographer extends Event {
    private final Simulation simulation;
    private final FramePlanner planner;
    private final Runnable onVsync;
    private final Mailbox<LooperMessage> looper;
    private final long periodNs;
    private long token;
    private boolean requested = true;
    private boolean stuffed;
    private boolean stopped;

    /// @param onVsync called at every vsync, rendered or not
    public Choreographer(Simulation simulation, FramePlanner planner, Mailbox<LooperMessage> looper, long periodNs, Runnable onVsync) {
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
        if (requested && !stuffed && !stopped) {
            requested = false;
            looper.post(null, frame);
        }
        stuffed = false;
        schedule(now + periodNs);
    }

    /// Vsyncs bring no frames while the app is out of sight.
    public void setStopped(boolean nowStopped) {
        stopped = nowStopped;
    }

    /// A message that is not a vsync, for the same Looper.
    public void tell(Task by, LooperMessage message) {
        looper.post(by, message);
    }

    public LooperMessage nextMessage(Task task) {
        return looper.take(task);
    }

    public void requestNextVsync() {
        requested = true;
    }

    /// The RenderThread had to wait `waitedNs` for a free buffer.
    public void waitedForBuffer(long waitedNs) {
        stuffed |= waitedNs > periodNs / 2;
    }
}
