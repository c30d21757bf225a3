package io.janklab.workloads.recording;

import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.Cost;
import io.janklab.workloads.device.CpuGroup;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.input.OneLine;
import io.janklab.workloads.recording.replay.CostFit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/// The machine of a recording as a device file: its cores, and what its undisturbed calls and faults cost. What no recording tells is as
/// wide open as it can be.
public final class RecordedDevice {
    private static final YAMLMapper YAML = YAMLMapper.builder().disable(YAMLWriteFeature.WRITE_DOC_START_MARKER).build();
    private static final double US = 1e3;
    private static final double MS = 1e6;

    private RecordedDevice() {}

    /// Its text, for `--device FILE`.
    ///
    /// @param source what it was recorded in
    public static String yaml(Device device, String source) {
        return "# The machine of " + OneLine.of(source) + ", by janklab import --costs. Only its cores and its costs are from there;\n"
                + "# costs are those of undisturbed calls, in ns.\n" + YAML.writeValueAsString(contents(device));
    }

    private static Map<String, Object> contents(Device device) {
        int cores = device.hardware().cpus().size();
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("description", OneLine.of(device.description()));
        all.put("architecture", device.hardware().architecture() == Architecture.ARM64 ? "arm64" : "x86-64");
        all.put("memoryMiB", device.hardware().memoryBytes() >> 20);
        all.put("clusters", Map.of("core", map("count", cores, "capacity", 1024)));
        all.put("cpusets", groups(cores == 1 ? "0" : "0-" + (cores - 1)));
        all.put("uclamp", groups(map("min", 0, "max", 1024)));
        all.put("zram", map("sizeMiB", 0, "ratio", 1));
        all.put("storage", map("readUs", device.storage().readMedianNs() / US, "sigma", device.storage().readSigma(),
                "nsPerPage", device.storage().nsPerPage()));
        all.put("display", display(device));
        Map<String, Object> costs = new LinkedHashMap<>();
        for (Cost cost : CostFit.told()) {
            costs.put(cost.key(), device.costs().ns(cost));
        }
        all.put("costs", costs);
        return all;
    }

    private static Map<String, Object> groups(Object value) {
        Map<String, Object> groups = new LinkedHashMap<>();
        for (CpuGroup group : CpuGroup.values()) {
            groups.put(group.key(), value);
        }
        return groups;
    }

    private static Map<String, Object> display(Device device) {
        Map<String, Object> display = new LinkedHashMap<>();
        display.put("refreshHz", device.display().refreshHz());
        display.put("modesHz", device.display().modesHz().stream().map(String::valueOf).collect(Collectors.joining(",")));
        display.put("appDurationMs", device.display().appDurationNs() / MS);
        display.put("sfDurationMs", device.display().sfDurationNs() / MS);
        display.put("buffers", device.display().buffers());
        return display;
    }

    /// In that order.
    private static Map<String, Object> map(Object... namesAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return map;
    }
}
