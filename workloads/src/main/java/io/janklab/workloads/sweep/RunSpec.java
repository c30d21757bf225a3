package io.janklab.workloads.sweep;

import io.janklab.dashboards.metrics.RunTags;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.recording.replay.Replay;
import io.janklab.workloads.replay.AllocationTrace;
import io.janklab.workloads.scenario.Scenario;
import org.jspecify.annotations.Nullable;

/// Everything that determines one run.
///
/// @param setting the label of the [Setting] it belongs to
/// @param device as the scenario wants it, whatever is passed in
/// @param trace recorded trace that drives the native heap, or null for a generated one
/// @param durationNs virtual time the app is watched
/// @param recording runs instead of the scenario; null for the scenario
public record RunSpec(
        String setting, Device device, Scenario scenario, KernelProfile kernel, long seed, @Nullable AllocationTrace trace, long durationNs,
                @Nullable Replay recording) {
    public RunSpec {
        device = scenario.on(device);
    }

    /// A run whose setting is named after its kernel.
    public RunSpec(Device device, Scenario scenario, KernelProfile kernel, long seed, @Nullable AllocationTrace trace, long durationNs) {
        this(kernel.name(), device, scenario, kernel, seed, trace, durationNs, null);
    }

    /// The same of a recording instead of the scenario.
    public RunSpec replaying(@Nullable Replay theRecording) {
        return new RunSpec(setting, device, scenario, kernel, seed, trace, durationNs, theRecording);
    }

    /// The tags that distinguish its meters from those of other runs.
    public RunTags tags() {
        return new RunTags((recording == null ? scenario.name() : recording.workload().title()) + "/" + device.name(), setting, seed);
    }
}
