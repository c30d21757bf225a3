package io.janklab.workloads.recording.replay;

import io.janklab.kernel.Kernel;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.sim.Simulation;
import io.janklab.workloads.recording.workload.ObservedFigures;
import io.janklab.workloads.recording.workload.RecordedProcess;
import io.janklab.workloads.recording.workload.Workload;
import java.util.List;

/// A recorded workload on one machine, to be run on kernels of any profile.
///
/// @param targets the processes that are replayed in full
/// @param ownTimes of calls that do not take what their costs say
public record Replay(Workload workload, List<RecordedProcess> targets, Hardware hardware, CostModel costs, OwnTimes ownTimes) {
    /// One whose calls take what their costs say.
    public Replay(Workload workload, List<RecordedProcess> targets, Hardware hardware, CostModel costs) {
        this(workload, targets, hardware, costs, OwnTimes.NONE);
    }

    /// Runs it as it was recorded, slowed down by its recorder, without other observers.
    public ObservedFigures runTraced(KernelProfile profile, long seed) {
        RecordingProgram program = program(profile, seed).traced();
        program.run();
        return program.figures();
    }

    /// The program that runs it on that kernel.
    public RecordingProgram on(Kernel kernel) {
        return new RecordingProgram(kernel, workload, targets, ownTimes);
    }

    private RecordingProgram program(KernelProfile profile, long seed) {
        return on(new Kernel(new Simulation(seed), hardware, profile, costs));
    }

    /// The undisturbed calls, as recorded and as replayed.
    ComparedReplay compare(KernelProfile profile) {
        return program(profile, 1).compare();
    }

    /// The same at other costs.
    public Replay at(CostModel newCosts) {
        return new Replay(workload, targets, hardware, newCosts, ownTimes);
    }

    /// The same with calls that take times of their own.
    Replay withOwnTimes(OwnTimes newOwnTimes) {
        return new Replay(workload, targets, hardware, costs, newOwnTimes);
    }

    /// The recording's figures.
    public ObservedFigures recorded() {
        return RecordingProgram.recorded(workload, targets);
    }
}
