package io.janklab.workloads.cli;

import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.Switch;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.replay.AllocationTrace;
import io.janklab.workloads.replay.TraceReader;
import io.janklab.workloads.scenario.Scenario;
import io.janklab.workloads.sweep.Changes;
import io.janklab.workloads.sweep.RunResult;
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

/// What a command that runs a workload on the phone is told.
final class RunOptions {
    private static final String UNCONTENDED = "uncontended";

    @Option(names = "--device", paramLabel = "NAME|FILE", defaultValue = "pixel-6", description = "Device (default: ${DEFAULT-VALUE}).")
    String device;

    @Option(names = "--scenario", paramLabel = "NAME|FILE", defaultValue = "scroll", description = "Scenario (default: ${DEFAULT-VALUE}).")
    String scenario;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Set a kernel switch or a key of the scenario, or scale a cost (cost.tlbi=2); may be repeated.")
    Map<String, String> changes = new LinkedHashMap<>();

    @Option(names = "--trace", paramLabel = "FILE", description = "AOSP memory_replay trace, zip or text, that drives the native heap.")
    Path trace;

    @Option(names = "--duration", paramLabel = "TIME", converter = Duration.Converter.class, description = "Virtual time, such as 20s.")
    Duration duration;

    @ArgGroup(validate = false, heading = "%nFurther files:%n")
    ExportOptions exports = new ExportOptions();

    @Mixin
    SeedOptions seeds = new SeedOptions();

    @Mixin
    ThreadOptions threads = new ThreadOptions();

    /// Everything read, checked and ready to run: nothing can be wrong with the input from here on but its demands on the device.
    ///
    /// @param bound the first kernel with every lock granted at once; null if it is not asked for
    /// @param specs kernel by kernel, the bound last, and for each seed by seed
    record Plan(
            Device device,
            Scenario scenario,
            List<KernelProfile> kernels,
            KernelProfile bound,
            List<Long> seeds,
            AllocationTrace trace,
            Path traceFile,
            List<RunSpec> specs) {

        /// Those of `results`, one for each of the specs, that belong to the kernel of that index.
        List<RunResult> runsOf(int kernel, List<RunResult> results) {
            return results.subList(kernel * seeds.size(), (kernel + 1) * seeds.size());
        }
    }

    /// @throws BadInput if any option cannot be used
    Plan plan(CommonOptions common, List<String> versions, int defaultSeeds, boolean wantsBound) {
        exports.check();
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
        return new Plan(theDevice, theScenario, kernels, bound, theSeeds, theTrace, trace, specs);
    }

    /// Null if that kernel is a bound itself.
    private static KernelProfile boundOf(KernelProfile kernel) {
        return kernel.is(Switch.ORACLE, UNCONTENDED) ? null : kernel.with(Switch.ORACLE, UNCONTENDED);
    }
}
