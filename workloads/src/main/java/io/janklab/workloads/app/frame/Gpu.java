package io.janklab.workloads.app.frame;

import io.janklab.sim.Simulation;
import java.util.Objects;

/// The GPU: one frame after the other, each for the time it was drawn to take.
public final class Gpu {
    private final Simulation simulation;
    private long busyUntil;

    public Gpu(Simulation simulation) {
        this.simulation = simulation;
    }

    /// Starts on `buffer`'s frame as soon as it can.
    public void submit(Buffer buffer) {
        busyUntil = Math.max(busyUntil, simulation.now()) + Objects.requireNonNull(buffer.frame).gpuNs();
        buffer.doneNs = busyUntil;
    }
}
