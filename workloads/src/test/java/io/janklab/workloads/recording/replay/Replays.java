package io.janklab.workloads.recording.replay;

import io.janklab.kernel.Kernel;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.sim.Simulation;
import io.janklab.workloads.recording.workload.ObservedFigures;

/// Runs of replays without observers.
public final class Replays {
    private Replays() {}

    public static ObservedFigures run(Replay replay, KernelProfile profile, long seed) {
        RecordingProgram program = replay.on(new Kernel(new Simulation(seed), replay.hardware(), profile, replay.costs()));
        program.run();
        return program.figures();
    }
}
