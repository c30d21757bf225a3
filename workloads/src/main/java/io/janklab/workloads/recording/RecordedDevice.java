package io.janklab.workloads.recording;

import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.Cost;
import io.janklab.workloads.device.CpuGroup;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.input.OneLine;
import io.janklab.workloads.recording.replay.CostFit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// The machine of a recording as a device file: its cores, and what its undisturbed calls and faults cost. What no recording tells is as
/// wide open as it can be.
public final class RecordedDevice {
    private static final double US = 1e3;
    private static final double MS = 1e6;

    private RecordedDevice() {}

    /// Its lines, for `--device FILE`.
    ///
    /// @param source what it was recorded in
    public static List<String> yaml(Device device, String source) {
        int cores = device.hardware().cpus().size();
        List<String> lines = new ArrayList<>();
        lines.add("# The machine of " + OneLine.of(source) + ", by janklab import --costs. Only its cores and its costs are from there.");
        lines.add("description: " + quoted(device.description()));
        lines.add("architecture: " + (device.hardware().architecture() == Architecture.ARM64 ? "arm64" : "x86-64"));
        lines.add("memoryMiB: " + (device.hardware().memoryBytes() >> 20));
        lines.add("clusters:");
        lines.add("  core: { count: " + cores + ", capacity: 1024 }");
        lines.add("cpusets:");
        groups(lines, cores == 1 ? "0" : "0-" + (cores - 1));
        lines.add("uclamp:");
        groups(lines, "{ min: 0, max: 1024 }");
        lines.add("zram: { sizeMiB: 0, ratio: 1 }");
        lines.add(String.format(Locale.ROOT, "storage: { readUs: %.0f, sigma: %.2f, nsPerPage: %d }",
                device.storage().readMedianNs() / US, device.storage().readSigma(), device.storage().nsPerPage()));
        display(lines, device);
        lines.add("# From undisturbed calls; ns.");
        lines.add("costs:");
        for (Cost cost : CostFit.told()) {
            lines.add("  " + cost.key() + ": " + device.costs().ns(cost));
        }
        return lines;
    }

    /// A text as a scalar of YAML, whatever is in it.
    private static String quoted(String text) {
        return "'" + OneLine.of(text).replace("'", "''") + "'";
    }

    private static void groups(List<String> lines, String value) {
        for (CpuGroup group : CpuGroup.values()) {
            lines.add("  " + group.key() + ": " + value);
        }
    }

    private static void display(List<String> lines, Device device) {
        lines.add("display:");
        lines.add("  refreshHz: " + device.display().refreshHz());
        lines.add("  modesHz: " + device.display().modesHz().stream().map(String::valueOf).collect(Collectors.joining(",")));
        lines.add(String.format(Locale.ROOT, "  appDurationMs: %.1f", device.display().appDurationNs() / MS));
        lines.add(String.format(Locale.ROOT, "  sfDurationMs: %.1f", device.display().sfDurationNs() / MS));
        lines.add("  buffers: " + device.display().buffers());
    }
}
