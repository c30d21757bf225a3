package io.janklab.workloads.cli;

import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.sweep.InputFiles;
import io.janklab.workloads.sweep.Journal;
import io.janklab.workloads.sweep.JournalEntry;
import io.janklab.workloads.sweep.LocalRunner;
import io.janklab.workloads.sweep.Sweep;
import io.janklab.workloads.sweep.SweepDefinition;
import io.janklab.workloads.sweep.SweepTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `janklab sweep`: the same question over a range of assumptions.
@Command(
        name = "sweep",
        mixinStandardHelpOptions = true,
        description = {
            "Runs a workload for every combination of what is varied, on all cores, and says how much each matters.",
            "Leaves journal.jsonl, sweep.csv and sweep.json in --out (default: sweep). What has ended is in the journal at once:",
            "after a crash, --resume goes on from there."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:success", "1:internal failure", "2:bad input", "3:a kernel rule was broken"})
final class SweepCommand implements Callable<Integer> {
    private static final int DEFAULT_SEEDS = 3;
    private static final String JOURNAL = "journal.jsonl";

    @Mixin
    private CommonOptions common = new CommonOptions("sweep");

    @Option(
            names = "--vary",
            paramLabel = "KEY=VALUES",
            description = {
                "What varies: FROM..TO, FROM..TO:STEPS or A,B,C of a kernel switch, a key of the scenario, heap.decayMs,",
                "or cost.NAME (times the device's cost); may be repeated."
            })
    private List<String> vary = new ArrayList<>();

    @Option(names = "--design", paramLabel = "grid|lhs:N", defaultValue = "grid", description = "All combinations, or a Latin hypercube of N (default: ${DEFAULT-VALUE}).")
    private String design;

    @Option(
            names = {"--kernels", "--kernel"},
            paramLabel = "VERSION",
            split = ",",
            defaultValue = "6.12,6.17",
            description = "Kernels (default: ${DEFAULT-VALUE}).")
    private List<String> kernels;

    @Option(names = {"--devices", "--device"}, paramLabel = "NAME|FILE", split = ",", defaultValue = "pixel-6", description = "Devices (default: ${DEFAULT-VALUE}).")
    private List<String> devices;

    @Option(
            names = {"--scenarios", "--scenario"},
            paramLabel = "NAME|FILE",
            split = ",",
            defaultValue = "scroll",
            description = "Scenarios (default: ${DEFAULT-VALUE}).")
    private List<String> scenarios;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Set a kernel switch, a key of the scenario or a cost for all runs; may be repeated.")
    private Map<String, String> changes = new LinkedHashMap<>();

    @Mixin
    private SeedOptions seeds = new SeedOptions();

    @Option(names = "--duration", paramLabel = "TIME", converter = Duration.Converter.class, description = "Virtual time of each run, such as 20s.")
    private Duration duration;

    @Option(names = "--cores", paramLabel = "N", description = "Runs at once (default: one for each core of this host).")
    private Integer cores;

    @Option(names = "--resume", description = "Go on with the sweep whose journal is in --out; what it was asked stands there.")
    private boolean resume;

    @Override
    public Integer call() {
        Path file = common.out().resolve(JOURNAL);
        OutputFolder folder = folder(file);
        LocalRunner runner = runner();
        if (!resume) {
            SweepDefinition definition = asked();
            SweepPlan plan = SweepPlan.of(definition);
            try (Journal journal = Journal.begin(file, definition, common.force)) {
                return complete(plan, journal, runner, folder);
            }
        }
        try (Journal journal = Journal.resume(file)) {
            if (journal.isTorn()) {
                common.warn(file + ": the last line was never finished; it is dropped, and its run is made again.");
            }
            return complete(planOf(journal, file), journal, runner, folder);
        }
    }

    private SweepPlan planOf(Journal journal, Path file) {
        SweepDefinition definition = sameAsAsked(journal.definition());
        try {
            return SweepPlan.of(definition);
        } catch (BadInput e) {
            throw BadInput.at(file.toString(), 1, e.getMessage());
        }
    }

    private int complete(SweepPlan plan, Journal journal, LocalRunner runner, OutputFolder folder) {
        Sweep sweep = new Sweep(plan.points(), plan.specs(), journal);
        SweepTable table = run(sweep, runner);
        common.verify(digests(journal.entries()), () -> digests(sweep.runAgain(runner)));
        SweepFiles files = new SweepFiles(table, plan.factors(), journal.definition().seeds().size());
        folder.write(files);
        common.print(files::text, files::json);
        common.remarkWritten(List.of(JOURNAL, "sweep.csv", "sweep.json"));
        return ExitCode.OK;
    }

    /// A folder with a journal is judged by the journal.
    private OutputFolder folder(Path journal) {
        return Files.isRegularFile(journal) ? new OutputFolder(common.out()) : common.folder("sweep.json", "points").orElseThrow();
    }

    /// In the order of the plan, whichever ended first.
    private static List<String> digests(List<JournalEntry> entries) {
        return entries.stream()
                .sorted(Comparator.comparingInt(JournalEntry::point).thenComparingLong(JournalEntry::seed))
                .map(entry -> "point " + entry.point() + ", seed " + entry.seed() + ": digest " + entry.digest())
                .toList();
    }

    private SweepDefinition asked() {
        Long durationNs = duration == null ? null : duration.ns();
        Map<String, String> files = InputFiles.fingerprints(devices, scenarios);
        return new SweepDefinition(vary, design, kernels, devices, scenarios, seeds.list(common, DEFAULT_SEEDS), changes, durationNs, files);
    }

    /// Nothing need be said again; what is said of what varies must be the same.
    private SweepDefinition sameAsAsked(SweepDefinition before) {
        InputFiles.checkUnchanged(before, common.out());
        if (!vary.isEmpty() && !asked().equals(before)) {
            throw new BadInput("the sweep in " + common.out() + " was asked something else (" + String.join(" ", before.vary()) + "); --resume alone goes on with it.");
        }
        return before;
    }

    private LocalRunner runner() {
        if (cores != null && (cores < 1 || cores > 1024)) {
            throw new BadInput("--cores takes a number from 1 to 1024, not " + cores + ".");
        }
        return cores == null ? new LocalRunner() : new LocalRunner(cores);
    }

    private SweepTable run(Sweep sweep, LocalRunner runner) {
        try (ProgressLine progress = new ProgressLine("runs", sweep.missing().size(), common.isSilent())) {
            return sweep.run(runner, progress);
        }
    }
}
