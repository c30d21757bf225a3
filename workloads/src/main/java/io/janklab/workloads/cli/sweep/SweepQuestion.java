package io.janklab.workloads.cli.sweep;

import io.janklab.workloads.cli.common.Choices;
import io.janklab.workloads.cli.common.CommonOptions;
import io.janklab.workloads.cli.common.Duration;
import io.janklab.workloads.cli.plan.RecordingOptions;
import io.janklab.workloads.cli.plan.SeedOptions;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.sweep.DefaultKernels;
import io.janklab.workloads.sweep.SweepDefinition;
import io.janklab.workloads.sweep.SweepInputs;
import io.janklab.workloads.sweep.SweptRecording;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// A sweep's question: the options that determine its runs.
final class SweepQuestion {
    private static final int DEFAULT_SEEDS = 3;
    private static final String DEFAULT_DEVICE = "pixel-6";
    private static final String DEFAULT_SCENARIO = "scroll";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    @Option(
            names = "--vary",
            paramLabel = "KEY=VALUES",
            description = {
                "What varies: FROM..TO, FROM..TO:STEPS or A,B,C of a kernel switch, a key of the scenario, heap.decayMs,",
                "or cost.NAME (times the device's cost); may be repeated."
            })
    private List<String> vary = new ArrayList<>();

    @Option(names = "--design", paramLabel = "grid|lhs:N",
            description = "All combinations, or a Latin hypercube of N (default: ${DEFAULT-VALUE}).")
    private String design = "grid";

    @Option(
            names = {"--kernels", "--kernel", "--as-of"},
            paramLabel = "VERSION",
            split = ",",
            completionCandidates = Choices.Kernels.class,
            defaultValue = DefaultKernels.BOTH,
            description = "Kernels (default: ${DEFAULT-VALUE}).")
    private List<String> kernels = List.of();

    @Option(names = {"--devices", "--device"}, paramLabel = "NAME|FILE", split = ",",
            completionCandidates = Choices.Devices.class,
            description = "Devices (default: " + DEFAULT_DEVICE + "; of a recording, the machine it was made on).")
    private List<String> devices = List.of();

    @Option(
            names = {"--scenarios", "--scenario"},
            paramLabel = "NAME|FILE",
            split = ",",
            completionCandidates = Choices.Scenarios.class,
            description = "Scenarios (default: " + DEFAULT_SCENARIO + ").")
    private List<String> scenarios = List.of();

    @Option(names = "--set", paramLabel = "KEY=VALUE",
            completionCandidates = Choices.Keys.class,
            description = "Set a kernel switch, a key of the scenario or a cost for all runs; may be repeated.")
    private Map<String, String> changes = new LinkedHashMap<>();

    @Mixin
    private RecordingOptions recording = new RecordingOptions();

    @Mixin
    private SeedOptions seeds = new SeedOptions();

    @Option(names = "--duration", paramLabel = "TIME", converter = Duration.Converter.class,
            description = "Virtual time of each run, such as 5s (default: its scenario's durationS).")
    private @Nullable Duration duration;

    SweepDefinition asked(CommonOptions common) {
        Long durationNs = duration == null ? null : duration.ns();
        Path file = recording.file();
        if (file != null && (!scenarios.isEmpty() || duration != null)) {
            throw new BadInput("--recording is run whole and instead of scenarios: it takes no --scenarios and no --duration.");
        }
        List<String> theScenarios = file != null ? List.of(SweptRecording.named(file)) : orElse(scenarios, DEFAULT_SCENARIO);
        List<String> theDevices = orElse(devices, file != null ? SweptRecording.MACHINE : DEFAULT_DEVICE);
        Map<String, String> set = new LinkedHashMap<>(changes);
        set.putAll(SweptRecording.told(recording.hints(null), recording.limit()));
        Map<String, String> files = SweepInputs.fingerprints(theDevices, theScenarios);
        return new SweepDefinition(vary, design, kernels, theDevices, theScenarios, seeds.list(common, DEFAULT_SEEDS), set,
                durationNs, files);
    }

    boolean hasRecording() {
        return recording.isAskedFor();
    }

    private static List<String> orElse(List<String> asked, String usual) {
        return asked.isEmpty() ? List.of(usual) : asked;
    }

    /// Nothing need be repeated, but what is repeated must be the same.
    ///
    /// @param place where the sweep is, for messages
    /// @param whole whether it must be complete
    void checkSame(SweepDefinition before, CommonOptions common, @Nullable String place, boolean whole) {
        SweepDefinition now = asked(common);
        if (whole && !now.equals(before)) {
            throw new BadInput("the sweep in " + place + " was asked something else (" + String.join(" ", before.vary())
                    + "); --resume alone continues it.");
        }
        checkSame("--vary", before.vary(), now.vary(), place);
        checkSame("--design", before.design(), now.design(), place);
        checkSame("--kernels", before.kernels(), now.kernels(), place);
        checkSame("--devices", before.devices(), now.devices(), place);
        checkSame("--scenarios", before.scenarios(), now.scenarios(), place);
        checkSame("--recording", before.scenarios(), now.scenarios(), place);
        checkSame("--set", before.set(), now.set(), place);
        checkSame("--seeds", before.seeds(), now.seeds(), place);
        checkSame("--seed", before.seeds(), now.seeds(), place);
        checkSame("--duration", before.durationNs(), now.durationNs(), place);
    }

    private void checkSame(String option, @Nullable Object before, @Nullable Object now, @Nullable String place) {
        if (command.commandLine().getParseResult().hasMatchedOption(option) && !Objects.equals(now, before)) {
            throw new BadInput("the sweep in " + place + " was asked with another " + option
                    + ": --resume continues it with its own question, and a new sweep "
                    + "takes another --out.");
        }
    }
}
