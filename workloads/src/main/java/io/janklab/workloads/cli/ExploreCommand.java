package io.janklab.workloads.cli;

import io.janklab.explore.ExploreSpec;
import io.janklab.explore.Explorer;
import io.janklab.explore.Litmus;
import io.janklab.explore.Strategy;
import io.janklab.explore.Verdict;
import io.janklab.explore.litmus.Litmuses;
import io.janklab.kernel.config.Architecture;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.input.Nearest;
import io.janklab.workloads.sweep.Changes;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
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
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "LITMUS", arity = "0..1", description = "The litmus; --list shows them.")
    private String name;

    @Option(names = "--list", description = "List the litmuses and end.")
    private boolean list;

    @Option(names = "--strategy", paramLabel = "HOW", defaultValue = "random", description = "random, pct:DEPTH or replay:SCHEDULE (default: ${DEFAULT-VALUE}).")
    private String strategy;

    @Option(names = "--schedules", paramLabel = "N", defaultValue = "10000", description = "Schedules at most (default: ${DEFAULT-VALUE}).")
    private long schedules;

    @Option(names = "--seed", paramLabel = "K", defaultValue = "1", description = "Seed of random schedules (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--kernel", paramLabel = "VERSION", defaultValue = "6.17", description = "Kernel (default: ${DEFAULT-VALUE}).")
    private String kernel;

    @Option(names = "--arch", paramLabel = "ARCH", defaultValue = "arm64", description = "arm64 or x86-64 (default: ${DEFAULT-VALUE}).")
    private String architecture;

    @Option(names = "--set", paramLabel = "SWITCH=VALUE", description = "Set a kernel switch; may be repeated.")
    private Map<String, String> changes = new LinkedHashMap<>();

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
        checkSchedules();
        long began = System.nanoTime();
        Verdict verdict = explore(explored, how);
        ExploreText text = new ExploreText(explored, how, verdict, System.nanoTime() - began);
        if (json) {
            out.print(text.json());
        } else if (!quiet) {
            out.print(text.text());
        }
        out.flush();
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
        Changes set = Changes.of(changes);
        if (!set.scenario().isEmpty()) {
            throw new BadInput("there is no kernel switch '" + set.scenario().keySet().iterator().next() + "'; janklab list shows them.");
        }
        Architecture machine = architecture();
        return new ExploreSpec(litmus, set.kernel(kernel, machine), machine);
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

    private void checkSchedules() {
        if (schedules < 1) {
            throw new BadInput("--schedules takes a number from 1 on, not " + schedules + ".");
        }
    }

    private Verdict explore(ExploreSpec explored, Strategy how) {
        try (ProgressLine progress = new ProgressLine("schedules", schedules, json || quiet)) {
            return new Explorer(explored).strategy(how).schedules(schedules).seed(seed).progress(progress::step).explore();
        }
    }
}
