package io.janklab.workloads.app.process;

import io.janklab.sim.RandomStream;
import io.janklab.sim.Simulation;

/// When an app's time begins (virtual ns), and its threads' streams of chance.
///
/// @param startNs       of the first vsync, or of the fork
/// @param countedFromNs from when on frames and latencies are counted
public record AppClock(Simulation simulation, long startNs, long countedFromNs) {
    public RandomStream random(String name) {
        return simulation.random(name);
    }
}
