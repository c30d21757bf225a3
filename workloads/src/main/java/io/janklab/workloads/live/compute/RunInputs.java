package io.janklab.workloads.live.compute;

import io.janklab.workloads.device.Device;
import io.janklab.workloads.recording.replay.Replay;
import io.janklab.workloads.replay.AllocationTrace;
import io.janklab.workloads.scenario.Scenario;
import io.janklab.workloads.sweep.RunSpec;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// All that a run's event digest depends on: two runs of the same inputs are the same run, whatever the name of their side.
///
/// @param switches the kernel is nothing but these
record RunInputs(Device device, Scenario scenario, Map<String, String> switches, long seed, @Nullable AllocationTrace trace,
        long durationNs, @Nullable Replay recording) {
    static RunInputs of(RunSpec spec) {
        return new RunInputs(spec.device(), spec.scenario(), spec.kernel().switches(), spec.seed(), spec.trace(), spec.durationNs(),
                spec.recording());
    }
}
