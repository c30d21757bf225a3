package io.janklab.workloads.sweep;

import io.janklab.kernel.config.KernelProfile;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.input.Complaints;
import io.janklab.workloads.input.Settings;
import io.janklab.workloads.recording.RecordedCase;
import io.janklab.workloads.scenario.Scenario;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/// A sweep's runs, each created on demand: there may be a million. They are counted point by point and seed by seed.
public final class SweepPlan {
    /// The scenario of runs that are none's.
    private static final String UNUSED = "scroll";

    private final SweepDefinition definition;
    private final List<String> factors;
    private final List<SweepPoint> points;
    private final Map<String, Device> devices = new HashMap<>();
    private final Map<String, Settings> scenarios = new HashMap<>();
    private final Map<String, Long> usualNs = new HashMap<>();
    /// By scenario and device.
    private final Map<String, RecordedCase> recordings = new LinkedHashMap<>();

    private SweepPlan(SweepInputs inputs) {
        definition = inputs.definition();
        factors = definition.factors().stream().map(Factor::key).toList();
        points = definition.points();
        Complaints complaints = new Complaints();
        inputs.devices().forEach((name, bytes) -> complaints.check(() -> devices.put(name, Device.of(name, bytes))));
        inputs.scenarios().forEach((name, bytes) -> complaints.check(() -> {
            scenarios.put(name, Scenario.settings(name, bytes));
            usualNs.put(name, Scenario.of(name, Objects.requireNonNull(scenarios.get(name)), Map.of()).durationNs());
        }));
        complaints.end();
        openRecordings();
    }

    private void openRecordings() {
        for (String scenario : definition.scenarios()) {
            if (SweptRecording.isOne(scenario)) {
                definition.devices().forEach(device ->
                        recordings.put(scenario + device, SweptRecording.open(scenario, devices.get(device), definition.set())));
                RecordedCase first = Objects.requireNonNull(recordings.get(scenario + definition.devices().getFirst()));
                usualNs.put(scenario, first.workload().durationNs);
            }
        }
    }

    /// What the reader of a prediction from its recordings must know: how they were replayed, and with what error.
    public List<String> notes() {
        return recordings.values().stream().map(recording -> recording.title() + "\n" + recording.note() + recording.nullTest().text())
                .distinct().toList();
    }

    /// [#notes] in a line each: the errors of their null tests.
    public List<String> errorBars() {
        return recordings.values().stream().map(recording -> recording.title() + ". " + recording.nullTest().sentence())
                .distinct().toList();
    }

    /// The name of a point's scenario in results: that of a recording shows whether its memory is modelled.
    String label(SweepPoint point) {
        RecordedCase recorded = recordings.get(point.scenario() + point.device());
        return recorded == null ? point.scenario() : point.scenario() + recorded.workload().mark();
    }

    /// @throws BadInput if a file cannot be understood; its points are not checked yet
    public static SweepPlan of(SweepInputs inputs) {
        return new SweepPlan(inputs);
    }

    /// Creates a run of every point, as a check.
    ///
    /// @throws BadInput if that cannot be done, with all that is said of its points
    public SweepPlan checked() {
        long seed = definition.seeds().getFirst();
        Complaints complaints = new Complaints();
        IntStream.range(0, points.size()).parallel().mapToObj(point -> problem(new RunKey(point, seed)))
                .flatMap(Optional::stream).sequential().forEachOrdered(problem -> complaints.check(() -> {
                    throw problem;
                }));
        complaints.end();
        return this;
    }

    private Optional<BadInput> problem(RunKey key) {
        try {
            spec(key);
            return Optional.empty();
        } catch (BadInput e) {
            return Optional.of(e);
        }
    }

    public SweepDefinition definition() {
        return definition;
    }

    /// Keys of what varies.
    public List<String> factors() {
        return factors;
    }

    public List<SweepPoint> points() {
        return points;
    }

    /// How many runs there are.
    public int size() {
        return Math.multiplyExact(points.size(), definition.seeds().size());
    }

    /// @param run from 0 on
    RunKey key(int run) {
        int seeds = definition.seeds().size();
        return new RunKey(run / seeds, definition.seeds().get(run % seeds));
    }

    /// @throws BadInput if a value in it cannot be used
    RunSpec spec(RunKey key) {
        SweepPoint point = points.get(key.point());
        Complaints complaints = new Complaints();
        Changes changes = Changes.of(SweptRecording.without(changes(key.point())), complaints);
        RecordedCase recording = recordings.get(point.scenario() + point.device());
        if (recording != null) {
            complaints.end();
            return spec(key, changes, recording);
        }
        Device device = changes.device(Objects.requireNonNull(devices.get(point.device())));
        Settings settings = Objects.requireNonNull(scenarios.get(point.scenario()));
        Optional<Scenario> read = complaints.about(() -> Scenario.of(point.scenario(), settings, changes.scenario()));
        Optional<KernelProfile> named = complaints.about(() -> changes.kernel(point.kernel(), device.hardware().architecture()));
        complaints.end();
        Scenario scenario = read.orElseThrow();
        KernelProfile kernel = named.orElseThrow();
        return new RunSpec(device, scenario, kernel, key.seed(), null, durationNs(scenario));
    }

    private RunSpec spec(RunKey key, Changes changes, RecordedCase recording) {
        if (!changes.scenario().isEmpty() || definition.durationNs() != null) {
            throw new BadInput("a recording is run whole and instead of a scenario: it takes no --duration or key of a scenario.");
        }
        Scenario unused = Scenario.find(UNUSED, Map.of());
        Device device = changes.device(recording.device());
        String named = points.get(key.point()).kernel();
        var kernel = changes.orElse(recording.settings(named)).kernel(named, device.hardware().architecture());
        return new RunSpec(device, unused, kernel, key.seed(), null, unused.durationNs()).replaying(recording.replay());
    }

    /// How long (virtual ns) the runs of a point are watched, according to its scenario's file or the command.
    long virtualNs(int point) {
        Long asked = definition.durationNs();
        return asked != null ? asked : Objects.requireNonNull(usualNs.get(points.get(point).scenario()));
    }

    /// Virtual time (ns) of runs of that scenario.
    private long durationNs(Scenario scenario) {
        return definition.durationNs() == null ? scenario.durationNs() : definition.durationNs();
    }

    /// Everything that is set at a point, by key.
    Map<String, String> changes(int point) {
        Map<String, String> all = new LinkedHashMap<>(definition.set());
        all.putAll(points.get(point).values());
        return all;
    }

    /// The command that makes one of its runs alone, for a shell.
    public String command(RunKey key) {
        SweepPoint point = points.get(key.point());
        ShellCommand command = new ShellCommand("janklab run").option("--kernel", point.kernel());
        if (!point.device().equals(SweptRecording.MACHINE)) {
            command.option("--device", point.device());
        }
        if (SweptRecording.isOne(point.scenario())) {
            SweptRecording.options(point.scenario(), definition.set()).forEach(command::option);
        } else {
            command.option("--scenario", point.scenario());
        }
        command.set(SweptRecording.without(changes(key.point())))
                .option("--seed", Long.toString(key.seed()));
        if (definition.durationNs() != null) {
            command.option("--duration", BigDecimal.valueOf(definition.durationNs(), 6).stripTrailingZeros().toPlainString() + "ms");
        }
        return command.toString();
    }
}
