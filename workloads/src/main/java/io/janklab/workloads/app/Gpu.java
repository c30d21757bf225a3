package io.janklab.workloads.app;

import io.janklab.sim.Simulation;
import java.util.Objects;

/// The GPU: one frame after the other, each for the time it was drawn to take.
final class Gpu {
    private final Simulation simulation;
    private long busyUntil;

    Gpu(Simulation simulation) {
        this.simulation = simulation;
    }

    /// Starts on `buffer`'s frame as soon as it can.
    void submit(Buffer buffer) {
        busyUntil = Math.max(busyUntil, simulation.now()) + Objects.requireNonNull(buffer.frame).gpuNs();
        buffer.doneNs = busyUntil;
    }
}
