package io.janklab.workloads.app.frame;

import io.janklab.sim.Event;
import io.janklab.sim.Simulation;
import org.jspecify.annotations.Nullable;

/// One graphics buffer and the frame in it.
public final class Buffer {
    private final Event release;
    /// The frame drawn into it, and when its `Choreographer#doFrame` began (ns).
    public @Nullable FramePlan frame;
    public long actualStartNs;
    /// When both the GPU and the RenderThread were done with it (ns); [Long#MAX_VALUE] before.
    long doneNs;

    Buffer(Simulation simulation, BufferQueue queue) {
        this.release = new Event(simulation) {
            @Override
            protected void fire() {
                queue.release(Buffer.this);
            }
        };
    }

    /// Back to the queue at `time`, when the display shows its successor.
    void releaseAt(long time) {
        release.schedule(time);
    }
}
