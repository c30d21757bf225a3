package io.janklab.workloads.cli;

import io.janklab.dashboards.compare.TraceInput;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.Switch;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.replay.AllocationTrace;
import io.janklab.workloads.replay.TraceReader;
import io.janklab.workloads.scenario.Scenario;
import io.janklab.workloads.sweep.Changes;
import io.janklab.workloads.sweep.RunSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The options of a command that runs a workload on a device.
final class RunOptions {
    private static final String UNCONTENDED = "uncontended";

    @Option(names = "--device", paramLabel = "NAME|FILE", defaultValue = "pixel-6", description = "Device (default: ${DEFAULT-VALUE}).")
    private String device;

    @Option(names = "--scenario", paramLabel = "NAME|FILE", defaultValue = "scroll", description = "Scenario (default: ${DEFAULT-VALUE}).")
    private String scenario;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Set a kernel switch or a key of the scenario, or scale a cost (cost.tlbi=2); may be repeated.")
    private Map<String, String> changes = new LinkedHashMap<>();

    @Option(names = "--trace", paramLabel = "FILE", description = "AOSP memory_replay trace, zip or text, that drives the native heap.")
    private Path trace;

    @Option(names = "--duration", paramLabel = "TIME", converter = Duration.Converter.class, description = "Virtual time, such as 20s.")
    private Duration duration;

    @ArgGroup(validate = false, heading = "%nFurther files:%n")
    private ExportOptions exports = new ExportOptions();

    @Mixin
    private SeedOptions seeds = new SeedOptions();

    @Mixin
    private ThreadOptions threads = new ThreadOptions();

    /// @throws BadInput if any option cannot be used
    RunPlan plan(CommonOptions common, List<String> versions, int defaultSeeds, boolean wantsBound) {
        Exports theExports = exports.checked();
        Changes set = Changes.of(changes);
        Scenario theScenario = Scenario.find(scenario, set.scenario());
        Device theDevice = theScenario.on(set.device(Device.find(device)));
        List<KernelProfile> kernels = versions.stream().map(version -> set.kernel(version, theDevice.hardware().architecture())).toList();
        List<Long> theSeeds = seeds.list(common, defaultSeeds);
        if (trace == null && !threads.isEmpty()) {
            throw new BadInput("--thread tells of the threads of a trace: it goes with --trace.");
        }
        AllocationTrace theTrace = trace == null ? null : TraceReader.read(trace, threads.roles());
        long durationNs = duration == null ? theScenario.durationNs() : duration.ns();
        List<RunSpec> specs = new ArrayList<>();
        KernelProfile bound = wantsBound ? boundOf(kernels.getFirst()) : null;
        for (KernelProfile kernel : Stream.concat(kernels.stream(), Stream.ofNullable(bound)).toList()) {
            theSeeds.forEach(seed -> specs.add(new RunSpec(theDevice, theScenario, kernel, seed, theTrace, durationNs)));
        }
        return new RunPlan(theDevice, theScenario, kernels, bound, theSeeds, theTrace, traceInput(theTrace), specs, theExports);
    }

    private TraceInput traceInput(AllocationTrace read) {
        return read == null ? null : new TraceInput(trace.getFileName().toString(), read.records());
    }

    /// Null if that kernel is a bound itself.
    private static KernelProfile boundOf(KernelProfile kernel) {
        return kernel.is(Switch.ORACLE, UNCONTENDED) ? null : kernel.with(Switch.ORACLE, UNCONTENDED);
    }
}
