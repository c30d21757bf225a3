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
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `janklab explore`: a small concurrent program under many schedules.
@Command(
        name = "explore",
        mixinStandardHelpOptions = true,
        description = {
            "Runs a litmus, two to four tasks of a few calls each, under many schedules,",
            "and shows the shortest one found that breaks a rule of the kernel, or that none did."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:no rule was broken", "1:internal failure", "2:bad input", "3:a rule was broken, or an outcome seen that is forbidden"})
final class ExploreCommand implements Callable<Integer> {
    private static final String DEFAULT_KERNEL = "6.17";
    private static final String DEFAULT_ARCHITECTURE = "arm64";
    private static final String RULE_PREFIX = "rule.";

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "LITMUS", arity = "0..1", description = "The litmus; --list shows them.")
    private String name;

    @Option(names = "--list", description = "List the litmuses and end.")
    private boolean list;

    @Option(names = "--strategy", paramLabel = "HOW", defaultValue = "random", description = "random, pct:DEPTH, dfs or replay:SCHEDULE (default: ${DEFAULT-VALUE}).")
    private String strategy;

    @Option(names = "--schedules", paramLabel = "N", description = "Schedules at most (default: 10000; of dfs: 1000000).")
    private Long schedules;

    @Option(names = "--seed", paramLabel = "K", defaultValue = "1", description = "Seed of random schedules (default: ${DEFAULT-VALUE}).")
    private long seed;

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

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Option(names = "--quiet", description = "Print nothing but errors.")
    private boolean quiet;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        if (list) {
            Litmuses.ALL.forEach(litmus -> out.printf("%-28s %s%n", litmus.name(), litmus.story()));
            out.flush();
            return ExitCode.OK;
        }
        ExploreSpec explored = explored();
        Strategy how = how();
        long most = most(how);
        long began = System.nanoTime();
        Verdict verdict = explore(explored, how, most);
        ExploreText text = new ExploreText(explored, kernelOptions(), how, verdict, System.nanoTime() - began);
        if (json) {
            out.print(text.json());
        } else if (!quiet) {
            out.print(text.text());
        }
        out.flush();
        if (trace != null) {
            writeTrace(explored, how, verdict);
        }
        return verdict.finding() == null ? ExitCode.OK : ExitCode.KERNEL_RULE_BROKEN;
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
        try (ProgressLine progress = new ProgressLine("schedules", most, json || quiet)) {
            return new Explorer(explored).strategy(how).schedules(most).seed(seed).progress(progress::step).explore();
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
