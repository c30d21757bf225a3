package io.janklab.workloads.cli;

import io.janklab.explore.ExploreSpec;
import io.janklab.explore.Explorer;
import io.janklab.explore.Litmus;
import io.janklab.explore.Schedule;
import io.janklab.explore.Strategy;
import io.janklab.explore.Verdict;
import io.janklab.explore.litmus.Litmuses;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.Switch;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.input.Nearest;
import io.janklab.workloads.sweep.Changes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `janklab explore`: a small concurrent program under many schedules.
@Command(
        name = "explore",
        mixinStandardHelpOptions = true,
        description = {
            "Runs a litmus, two to four tasks of a few calls each, under many schedules,",
            "and shows the shortest one found that breaks a rule of the kernel, or that none did.",
            "Leaves explore.json in --out, if that is given, and beside it what breaks as schedule.perfetto-trace."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:no rule was broken", "1:internal failure", "2:bad input", "3:a rule was broken, or an outcome seen that is forbidden"})
final class ExploreCommand implements Callable<Integer> {
    private static final String DEFAULT_KERNEL = "6.17";
    private static final String DEFAULT_ARCHITECTURE = "arm64";
    private static final String RULE_PREFIX = "rule.";
    private static final String FILE = "explore.json";
    private static final String TRACE = "schedule.perfetto-trace";

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Parameters(paramLabel = "LITMUS", arity = "0..1", description = "The litmus; --list shows them.")
    private String name;

    @Option(names = "--list", description = "List the litmuses and end.")
    private boolean list;

    @Option(names = "--strategy", paramLabel = "HOW", defaultValue = "random", description = "random, pct:DEPTH, dfs or replay:SCHEDULE (default: ${DEFAULT-VALUE}).")
    private String strategy;

    @Option(names = "--schedules", paramLabel = "N", description = "Schedules at most (default: 10000; of dfs: 1000000).")
    private Long schedules;

    @Option(names = "--kernel", paramLabel = "VERSION", defaultValue = DEFAULT_KERNEL, description = "Kernel (default: ${DEFAULT-VALUE}).")
    private String kernel;

    @Option(names = "--arch", paramLabel = "ARCH", defaultValue = DEFAULT_ARCHITECTURE, description = "arm64 or x86-64 (default: ${DEFAULT-VALUE}).")
    private String architecture;

    @Option(names = "--set", paramLabel = "SWITCH=VALUE", description = "Set a kernel switch; may be repeated.")
    private Map<String, String> changes = new LinkedHashMap<>();

    @Option(names = "--without", paramLabel = "RULE", description = "Take a safety rule out of the kernel (janklab list shows them); may be repeated.")
    private List<String> without = new ArrayList<>();

    @Option(names = "--trace", paramLabel = "FILE", description = "Write what breaks, or the schedule replayed, as a Perfetto trace, 1 ns a step.")
    private Path trace;

    @Override
    public Integer call() {
        if (list) {
            common.print(ExploreCommand::listed, ExploreCommand::listedAsJson);
            return ExitCode.OK;
        }
        ExploreSpec explored = explored();
        Strategy how = how();
        long most = most(how);
        Optional<OutputFolder> folder = common.folder(FILE, "litmus");
        long began = System.nanoTime();
        Verdict verdict = explore(explored, how, most);
        ExploreText text = new ExploreText(explored, kernelOptions(), how, verdict, System.nanoTime() - began);
        common.verify(cameTo(verdict), () -> cameTo(explore(explored, how, most)));
        folder.ifPresent(out -> out.write(making -> writeInto(making, text, explored, verdict)));
        common.print(text::text, text::json);
        common.remarkWritten(verdict.finding() == null ? List.of(FILE) : List.of(FILE, TRACE));
        if (trace != null) {
            writeTrace(explored, how, verdict);
        }
        return verdict.finding() == null ? ExitCode.OK : ExitCode.KERNEL_RULE_BROKEN;
    }

    private static String listed() {
        StringBuilder lines = new StringBuilder();
        Litmuses.ALL.forEach(litmus -> lines.append(String.format("%-28s %s%n", litmus.name(), litmus.story())));
        return lines.toString();
    }

    private static String listedAsJson() {
        Map<String, String> stories = new LinkedHashMap<>();
        Litmuses.ALL.forEach(litmus -> stories.put(litmus.name(), litmus.story()));
        return JsonText.of(stories);
    }

    private static List<String> cameTo(Verdict verdict) {
        String finding = verdict.finding() == null ? "nothing broken" : "broken by " + verdict.finding().schedule();
        return List.of(verdict.schedules() + " schedules, " + verdict.steps() + " steps, " + verdict.outcomes() + ", " + finding);
    }

    private static void writeInto(Path making, ExploreText text, ExploreSpec explored, Verdict verdict) throws IOException {
        Files.writeString(making.resolve(FILE), text.json());
        if (verdict.finding() != null) {
            new ScheduleTrace(explored, verdict.finding().schedule()).write(making.resolve(TRACE));
        }
    }

    private ExploreSpec explored() {
        if (name == null) {
            throw new BadInput("explore takes the name of a litmus; janklab explore --list shows them.");
        }
        Litmus litmus = Litmuses.byName(name);
        if (litmus == null) {
            throw new BadInput("there is no litmus '" + name + "'" + Nearest.hint(name, Litmuses.ALL.stream().map(Litmus::name).toList()) + ".");
        }
        Map<String, String> wanted = new LinkedHashMap<>(changes);
        without.forEach(rule -> wanted.put(checkedRule(rule), "off"));
        Changes set = Changes.of(wanted);
        if (!set.scenario().isEmpty()) {
            throw new BadInput("there is no kernel switch '" + set.scenario().keySet().iterator().next() + "'; janklab list shows them.");
        }
        Architecture machine = architecture();
        return new ExploreSpec(litmus, set.kernel(kernel, machine), machine);
    }

    /// With or without its `rule.`.
    private static String checkedRule(String name) {
        String key = name.startsWith(RULE_PREFIX) ? name : RULE_PREFIX + name;
        if (Switch.byKey(key) == null) {
            throw new BadInput("there is no rule '" + name + "'" + Nearest.hint(key, Switch.rules().stream().map(Switch::key).toList()) + "; janklab list shows them.");
        }
        return key;
    }

    private Architecture architecture() {
        return switch (architecture) {
            case "arm64" -> Architecture.ARM64;
            case "x86-64" -> Architecture.X86_64;
            default -> throw new BadInput("--arch takes arm64 or x86-64, not '" + architecture + "'.");
        };
    }

    private Strategy how() {
        try {
            return Strategy.parse(strategy);
        } catch (IllegalArgumentException e) {
            throw new BadInput("--strategy: " + e.getMessage() + ".");
        }
    }

    private long most(Strategy how) {
        if (schedules != null && schedules < 1) {
            throw new BadInput("--schedules takes a number from 1 on, not " + schedules + ".");
        }
        long usual = how instanceof Strategy.DepthFirst ? 1_000_000 : 10_000;
        return schedules == null ? usual : schedules;
    }

    /// What was said about the kernel, as it must be said again to get the same one.
    private String kernelOptions() {
        StringBuilder options = new StringBuilder();
        if (!kernel.equals(DEFAULT_KERNEL)) {
            options.append(" --kernel ").append(kernel);
        }
        if (!architecture.equals(DEFAULT_ARCHITECTURE)) {
            options.append(" --arch ").append(architecture);
        }
        changes.forEach((key, value) -> options.append(" --set ").append(key).append('=').append(value));
        without.forEach(rule -> options.append(" --without ").append(rule));
        return options.toString();
    }

    private Verdict explore(ExploreSpec explored, Strategy how, long most) {
        try (ProgressLine progress = new ProgressLine("schedules", most, common.isSilent())) {
            return new Explorer(explored).strategy(how).schedules(most).seed(common.seed()).progress(progress::step).explore();
        }
    }

    private void writeTrace(ExploreSpec explored, Strategy how, Verdict verdict) {
        Schedule schedule = verdict.finding() != null ? verdict.finding().schedule() : how instanceof Strategy.Replay replay ? replay.schedule() : null;
        if (schedule == null) {
            throw new BadInput("--trace " + trace + " was not written: no schedule broke a rule; give one with --strategy replay:SCHEDULE.");
        }
        try {
            new ScheduleTrace(explored, schedule).write(trace);
        } catch (IOException e) {
            throw new BadInput("--trace " + trace + " cannot be written (" + e.getMessage() + ").");
        }
    }
}
