package io.janklab.workloads.sweep;

import io.janklab.kernel.config.KernelProfile;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.replay.AllocationTrace;
import io.janklab.workloads.scenario.Scenario;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One side of a comparison: all that determines its runs except the seed.
///
/// @param label the name of its column, its files and its meters: the kernel's name where nothing else differs between the sides
/// @param device as the scenario wants it
/// @param command that makes its runs, without `--seed`; null if unknown
/// @param changes from the defaults, key by key, as written; empty where sides differ in their kernels alone
public record Setting(String label, Device device, Scenario scenario, KernelProfile kernel, Map<String, String> changes,
        @Nullable String command) {
    public Setting {
        changes = Map.copyOf(changes);
        device = scenario.on(device);
    }

    /// A side that is named after its kernel.
    public static Setting of(Device device, Scenario scenario, KernelProfile kernel) {
        return new Setting(kernel.name(), device, scenario, kernel, Map.of(), null);
    }

    /// The same, with the command that makes its runs.
    public Setting madeBy(@Nullable String theCommand) {
        return new Setting(label, device, scenario, kernel, changes, theCommand);
    }

    /// The same under another kernel, and named after it.
    public Setting on(KernelProfile other) {
        String newLabel = label.equals(kernel.name()) ? other.name() : label + other.name().substring(kernel.name().length());
        return new Setting(newLabel, device, scenario, other, changes, null);
    }

    /// Every switch of the kernel and its value, after them an app's heap, and what was changed of the scenario and the device.
    public Map<String, String> values() {
        Map<String, String> values = new LinkedHashMap<>(kernel.switches());
        if (scenario.program().equals(Scenario.APP)) {
            values.put("nativeHeap", scenario.nativeHeap().config(device).description());
        }
        changes.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(change -> values.put(change.getKey(), change.getValue()));
        return values;
    }

    /// The run of that seed.
    ///
    /// @param trace as in [RunSpec]
    /// @param durationNs as in [RunSpec]
    public RunSpec run(long seed, @Nullable AllocationTrace trace, long durationNs) {
        return new RunSpec(label, device, scenario, kernel, seed, trace, durationNs, null);
    }
}
