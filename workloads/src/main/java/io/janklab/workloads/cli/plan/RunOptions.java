package io.janklab.workloads.cli.plan;

import io.janklab.dashboards.compare.TraceInput;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.workloads.cli.common.Choices;
import io.janklab.workloads.cli.common.CommonOptions;
import io.janklab.workloads.cli.common.Duration;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.input.Complaints;
import io.janklab.workloads.input.OneLine;
import io.janklab.workloads.recording.RecordedCase;
import io.janklab.workloads.recording.RecordedCases;
import io.janklab.workloads.replay.AllocationTrace;
import io.janklab.workloads.replay.TraceReader;
import io.janklab.workloads.scenario.Scenario;
import io.janklab.workloads.sweep.Changes;
import io.janklab.workloads.sweep.DefaultKernels;
import io.janklab.workloads.sweep.RunSpec;
import io.janklab.workloads.sweep.Setting;
import io.janklab.workloads.sweep.ShellCommand;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The options of a command that runs a workload on a device.
public final class RunOptions {
    private static final String DEFAULT_DEVICE = "pixel-6";
    private static final String DEFAULT_SCENARIO = "scroll";
    private static final int NS_DECIMALS_OF_MS = 6;
    /// Of a side that names none.

    @Option(names = "--device", paramLabel = "NAME|FILE", completionCandidates = Choices.Devices.class,
            description = "Device (default: " + DEFAULT_DEVICE
            + "; of a recording, the machine it was made on).")
    private @Nullable String device;

    @Option(names = "--scenario", paramLabel = "NAME|FILE", completionCandidates = Choices.Scenarios.class,
            description = "Scenario (default: " + DEFAULT_SCENARIO + ").")
    private @Nullable String scenario;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            completionCandidates = Choices.Keys.class,
            description = "Set a kernel switch or a key of the scenario, or scale a cost (cost.tlbi=2); may be repeated.")
    private Map<String, String> changes = new LinkedHashMap<>();

    @Option(names = "--trace", paramLabel = "FILE", description = "AOSP memory_replay trace, zip or text, that drives the native heap.")
    private @Nullable Path trace;

    @Option(names = "--duration", paramLabel = "TIME", converter = Duration.Converter.class,
            description = "Virtual time, such as 5s (default: the scenario's durationS, 20s for most).")
    private @Nullable Duration duration;

    @ArgGroup(validate = false, heading = "%nFurther files:%n")
    private ExportOptions exports = new ExportOptions();

    @Mixin
    private SeedOptions seeds = new SeedOptions();

    @Mixin
    private RecordingOptions recordings = new RecordingOptions();

    @Mixin
    private ThreadOptions threads = new ThreadOptions();

    @Mixin
    private HeapReadingOptions heapReadings = new HeapReadingOptions();

    /// A recording on a device, and nothing else.
    ///
    /// @param device null for the machine it was made on
    public static RunOptions ofRecording(RecordingOptions recording, @Nullable String device, Map<String, String> changes) {
        RunOptions options = new RunOptions();
        options.recordings = recording;
        options.device = device;
        options.changes = changes;
        return options;
    }

    /// The device on which a program file runs instead of a scenario.
    ///
    /// @throws BadInput if an option goes with scenarios only
    public Device deviceOfProgram() {
        if (scenario != null || trace != null || duration != null || recordings.isAskedFor()
                || !heapReadings.readings().isEmpty()) {
            throw new BadInput("--program is run instead of a scenario: it takes no --scenario, --trace, --duration, --recording, "
                    + "--mallctl or --malloc-stats.");
        }
        return Device.find(device == null ? DEFAULT_DEVICE : device);
    }

    /// Changed settings, by name.
    public Map<String, String> changes() {
        return changes;
    }

    /// Whether anything is said of what runs.
    public boolean nameWorkload() {
        return scenario != null || trace != null || recordings.isAskedFor() || !changes.isEmpty();
    }

    public boolean hasRecording() {
        return recordings.isAskedFor();
    }

    /// Runs that scenario, if none is asked for.
    public void useScenario(String name) {
        scenario = scenario == null ? name : scenario;
    }

    /// The same sides and seeds on another scenario, for as long; without a bound and without further files.
    ///
    /// @throws BadInput if it is no scenario that is compared
    public RunPlan controlOf(RunPlan plan, CommonOptions common, List<Side> sides, String control) {
        if (trace != null || plan.recording() != null || sides.stream().anyMatch(side -> side.values().containsKey(Side.SCENARIO))) {
            throw new BadInput(
                    "--control is a second scenario beside --scenario: it takes no --trace, no --recording and no sides that name theirs.");
        }
        RunOptions other = new RunOptions();
        other.device = device;
        other.scenario = control;
        other.changes = changes;
        other.duration = new Duration(plan.specs().getFirst().durationNs());
        other.seeds = seeds;
        return other.plan(common, sides, plan.seeds().size(), false);
    }

    /// For a command that writes nothing of single runs.
    ///
    /// @throws BadInput if anything of the kind is asked for
    public void refuseWhatFilesNeed(String command) {
        String asked = heapReadings.areAskedFor() ? "--mallctl and --malloc-stats" : exports.asked();
        if (!asked.isEmpty()) {
            throw new BadInput(command + " takes no " + asked + ": run and compare do, with one of the commands that it prints.");
        }
    }

    /// @param sides what is compared, or the one thing that runs
    /// @throws BadInput if any option cannot be used
    public RunPlan plan(CommonOptions common, List<Side> sides, int defaultSeeds, boolean wantsBound) {
        Exports theExports = exports.checked();
        RecordedCase recording = recording(sides);
        List<Setting> settings = settings(sides, recording);
        List<Long> theSeeds = seeds.list(common, defaultSeeds);
        if (trace == null && !threads.isEmpty()) {
            throw new BadInput("--thread describes the threads of a trace: it goes with --trace.");
        }
        AllocationTrace theTrace = trace == null ? null : TraceReader.read(trace, threads.roles());
        List<RunSpec> specs = new ArrayList<>();
        Setting bound = wantsBound ? boundOf(settings.getFirst()) : null;
        for (Setting setting : Stream.concat(settings.stream(), Stream.ofNullable(bound)).toList()) {
            long durationNs = duration == null ? setting.scenario().durationNs() : duration.ns();
            theSeeds.forEach(seed -> specs.add(
                    setting.run(seed, theTrace, durationNs).replaying(recording == null ? null : recording.replay())));
        }
        return new RunPlan(settings, bound, theSeeds, theTrace, traceInput(theTrace), recording, specs, theExports,
                readings(settings, recording));
    }

    private HeapReadings readings(List<Setting> settings, @Nullable RecordedCase recording) {
        HeapReadings readings = heapReadings.readings();
        for (Setting setting : settings) {
            Scenario workload = setting.scenario();
            if (!readings.isEmpty() && (recording != null || !workload.program().equals(Scenario.APP))) {
                throw new BadInput("--mallctl and --malloc-stats read an app's native heap, and "
                        + (recording == null ? workload.name() : "a recording") + " has none.");
            }
            readings.check(workload.nativeHeap().config(setting.device()), setting.device().hardware().cpus().size());
        }
        return readings;
    }

    /// See [RecordingOptions#openIn].
    public void openRecordingsIn(RecordedCases opened) {
        recordings.openIn(opened);
    }

    /// Null if none is asked for.
    private @Nullable RecordedCase recording(List<Side> sides) {
        if (!recordings.isAskedFor()) {
            return null;
        }
        boolean ofScenario = scenario != null || trace != null || duration != null
                || sides.stream().anyMatch(side -> side.values().containsKey(Side.SCENARIO)
                        || !Changes.of(completed(side).changes()).scenario().isEmpty());
        if (ofScenario) {
            throw new BadInput("--recording is run whole and instead of a scenario: it takes no --scenario, --trace, --duration "
                    + "or key of a scenario.");
        }
        return recordings.open(device == null ? null : Device.find(device));
    }

    private List<Setting> settings(List<Side> sides, @Nullable RecordedCase recording) {
        List<Side> whole = sides.stream().map(this::completed).toList();
        List<String> labels = Labels.of(whole);
        List<Setting> settings = new ArrayList<>();
        Complaints complaints = new Complaints();
        for (int i = 0; i < whole.size(); i++) {
            boolean namesDevice = device != null || sides.get(i).values().containsKey(Side.DEVICE);
            Side asked = whole.get(i);
            String label = labels.get(i);
            Supplier<Device> chosen = recording == null || (namesDevice && device == null)
                    ? () -> Device.find(asked.value(Side.DEVICE))
                    : recording::device;
            complaints.about(() -> setting(asRecorded(asked, recording), label, chosen, isOfKernelsAlone(sides))
                    .madeBy(recording == null ? command(asked) : null)).ifPresent(settings::add);
        }
        complaints.end();
        checkNames(settings);
        List<String> quantities = settings.getFirst().scenario().quantities();
        for (Setting setting : settings) {
            boolean measuresTheSame = setting.scenario().program().equals(settings.getFirst().scenario().program())
                    && setting.scenario().quantities().equals(quantities);
            if (!measuresTheSame) {
                throw new BadInput("the scenarios " + settings.getFirst().scenario().name() + " and " + setting.scenario().name()
                        + " measure different things and cannot be compared.");
            }
        }
        return settings;
    }

    /// Two policies of the user's own may have the same name.
    private static void checkNames(List<Setting> settings) {
        Set<String> names = new HashSet<>();
        for (Setting setting : settings) {
            if (!names.add(setting.label())) {
                throw new BadInput("two of the settings are called " + setting.label() + " and differ in no switch: two lock policies "
                        + "need classes of different names.");
            }
        }
    }

    /// What the side leaves open is as it was on the recorded machine.
    private static Side asRecorded(Side side, @Nullable RecordedCase recording) {
        Map<String, String> values = new LinkedHashMap<>(
                recording == null ? Map.of() : recording.settings(side.value(Side.KERNEL)));
        values.putAll(side.values());
        return new Side(values);
    }

    /// A side that names only its kernel is named after the whole profile, `--set` included, as in a run of it alone.
    private static boolean isOfKernelsAlone(List<Side> sides) {
        return sides.stream().allMatch(side -> side.values().keySet().equals(Set.of(Side.KERNEL)));
    }

    /// Settings that the side does not have are taken from `--device`, `--scenario` and `--set`.
    private Side completed(Side side) {
        Map<String, String> values = new LinkedHashMap<>(Map.of(
                Side.KERNEL, DefaultKernels.ONE,
                Side.DEVICE, device == null ? DEFAULT_DEVICE : device,
                Side.SCENARIO, scenario == null ? DEFAULT_SCENARIO : scenario));
        values.putAll(changes);
        values.putAll(side.values());
        return new Side(values);
    }

    /// Whether that side can be run, with what these options say beside it.
    ///
    /// @throws BadInput if it cannot, with all that is wrong
    public void check(Side side) {
        if (!recordings.isAskedFor()) {
            settings(List.of(side), null);
        }
    }

    /// The side that these options alone describe.
    public Side base() {
        Side base = completed(new Side(Map.of()));
        return new Side(base.values().entrySet().stream().filter(each -> !each.getKey().equals(Side.KERNEL))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> b, LinkedHashMap::new)));
    }

    /// `begin` with what these options say.
    public String command(String begin) {
        Side base = base();
        ShellCommand command = new ShellCommand(begin);
        Stream.of(Side.DEVICE, Side.SCENARIO).forEach(key -> command.option("--" + key, base.value(key)));
        return whole(command, base);
    }

    /// `janklab run` with the options that determine a run of that side, except the seed.
    private String command(Side side) {
        ShellCommand command = new ShellCommand("janklab run");
        Stream.of(Side.KERNEL, Side.DEVICE, Side.SCENARIO).forEach(key -> command.option("--" + key, side.value(key)));
        return whole(command, side);
    }

    private String whole(ShellCommand command, Side side) {
        command.set(side.changes());
        if (trace != null) {
            command.option("--trace", trace.toString());
        }
        if (duration != null) {
            command.option("--duration", BigDecimal.valueOf(duration.ns(), NS_DECIMALS_OF_MS).stripTrailingZeros().toPlainString() + "ms");
        }
        return command.toString();
    }

    private static Setting setting(Side side, String label, Supplier<Device> chosen, boolean afterItsKernel) {
        Complaints complaints = new Complaints();
        Optional<Device> machine = complaints.about(chosen);
        Changes set = Changes.of(side.changes(), complaints);
        Optional<Scenario> workload = complaints.about(() -> Scenario.find(side.value(Side.SCENARIO), set.scenario()));
        Architecture architecture = machine.map(each -> each.hardware().architecture()).orElse(Architecture.ARM64);
        Optional<KernelProfile> named = complaints.about(() -> set.kernel(side.value(Side.KERNEL), architecture));
        complaints.end();
        Scenario theScenario = workload.orElseThrow();
        Device theDevice = theScenario.on(set.device(machine.orElseThrow()));
        KernelProfile kernel = named.orElseThrow();
        return afterItsKernel
                ? Setting.of(theDevice, theScenario, kernel)
                : new Setting(label, theDevice, theScenario, kernel, set.unswitched(), null);
    }

    private @Nullable TraceInput traceInput(@Nullable AllocationTrace read) {
        return read == null || trace == null ? null : new TraceInput(OneLine.of(trace.getFileName().toString()), read.records());
    }

    /// Null if that is a bound itself.
    private static @Nullable Setting boundOf(Setting setting) {
        KernelProfile kernel = setting.kernel();
        return kernel.is(Switch.ORACLE, SwitchValue.UNCONTENDED) ? null : setting.on(kernel.with(Switch.ORACLE, SwitchValue.UNCONTENDED));
    }
}
