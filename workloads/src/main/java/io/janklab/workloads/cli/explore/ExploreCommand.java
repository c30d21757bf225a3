package io.janklab.workloads.cli.explore;

import io.janklab.explore.ExploreSpec;
import io.janklab.explore.Litmus;
import io.janklab.explore.Strategy;
import io.janklab.explore.litmus.KnownCatch;
import io.janklab.explore.litmus.Litmuses;
import io.janklab.program.Nearest;
import io.janklab.workloads.cli.common.CommonOptions;
import io.janklab.workloads.cli.common.ExitCode;
import io.janklab.workloads.cli.common.JsonText;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.input.ShellWord;
import io.janklab.workloads.live.litmus.LitmusPlan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `janklab explore`: a small concurrent program under many schedules.
@Command(
        name = "explore",
        mixinStandardHelpOptions = true,
        subcommands = PairsCommand.class,
        description = {
            "Runs a small concurrent program under many schedules, to find one that breaks a rule of the kernel.",
            "Such a litmus is two to four tasks of a few calls each. The shortest schedule found is shown.",
            "Leaves explore.json in --out, if that is given, and beside it what breaks as schedule.perfetto-trace."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:no rule was broken", "1:internal failure", "2:bad input", "3:a rule was broken, or an outcome seen that is forbidden"
        })
public final class ExploreCommand implements Callable<Integer> {
    /// Those of the lock alone.
    private static final String LOCKS = "locks";

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Parameters(
            paramLabel = "LITMUS",
            arity = "0..1",
            description =
                    "The litmus, or all, or locks (what a lock policy must pass); --list shows them. With --without it may be left out.")
    private @Nullable String name;

    @Option(names = "--list", description = "List the litmuses and end.")
    private boolean list;

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "Explore the litmus in this file; kernel-sim/LITMUS.md tells how it is written.")
    private @Nullable Path file;

    @Option(
            names = "--strategy",
            paramLabel = "HOW",
            description =
                    "random, pct:DEPTH, dfs, auto (dfs where that ends within about a minute, else pct:3) or replay:SCHEDULE (default: "
                    + "${DEFAULT-VALUE}).")
    private String strategy = "random";

    @Option(
            names = "--schedules",
            paramLabel = "N",
            description = "Schedules at most (default: 10000; of dfs: 1000000; of auto, where dfs has not ended: 100000).")
    private @Nullable Long schedules;

    @Mixin
    private ExploredKernels kernels = new ExploredKernels();

    @Option(
            names = "--trace",
            paramLabel = "FILE",
            description = "Write what breaks, or the schedule replayed, as a Perfetto trace, 1 ns a step.")
    private @Nullable Path trace;

    @Override
    public Integer call() {
        if (list) {
            common.output().print(ExploreCommand::listed, ExploreCommand::listedAsJson);
            return ExitCode.OK;
        }
        return new ExploreJob(common.output(), plan()).run();
    }

    private ExplorePlan plan() {
        boolean leftToUs = name == null && file == null && !kernels.knownCatches().isEmpty();
        return new ExplorePlan(leftToUs ? List.of() : asked(), known(), trace);
    }

    private List<PlannedExploration> asked() {
        Strategy how = how();
        return kernels.with(litmuses()).stream().map(spec -> planned(spec, how, most(how), common.seed())).toList();
    }

    /// What is known to catch the rules that are taken out.
    private List<KnownExplorations> known() {
        List<KnownExplorations> all = new ArrayList<>();
        for (KnownCatch known : kernels.knownCatches()) {
            String remark = String.format(Locale.ROOT,
                    "What %s is there for, %s shows within %,d schedules by %s on %s, %s: that is explored.%n",
                    known.rule().key(), known.litmus().name(), known.schedules(), known.strategy(),
                    KnownCatch.KERNEL.label(), ExploredKernels.label(KnownCatch.ARCHITECTURE));
            all.add(new KnownExplorations(remark, kernels.with(known).stream()
                    .map(spec -> planned(spec, known.strategy(), known.schedules(), 1)).toList()));
        }
        return all;
    }

    private PlannedExploration planned(ExploreSpec spec, Strategy how, long most, long seed) {
        String subject = file == null || Litmuses.byName(spec.litmus().name()) == spec.litmus()
                ? spec.litmus().name()
                : "--file " + ShellWord.of(file.toString());
        return new PlannedExploration(spec, how, most, seed, subject, kernels.words().optionsFor(spec));
    }

    /// The exploration that the options describe, for a page: one litmus on one kernel.
    ///
    /// @param mostSchedules that a page may ask for
    public LitmusPlan plan(long mostSchedules) {
        List<ExploreSpec> specs = kernels.with(litmuses());
        if (specs.size() > 1) {
            throw new BadInput("a page explores one litmus on one kernel; janklab explore takes more.");
        }
        Strategy how = how();
        String again = "janklab explore " + specs.getFirst().litmus().name() + kernels.words().optionsFor(specs.getFirst());
        return new LitmusPlan(specs.getFirst(), how, Math.min(mostSchedules, most(how)), again);
    }

    private static String listed() {
        StringBuilder lines = new StringBuilder();
        Stream.concat(Litmuses.ALL.stream(), Litmuses.LOCKS.stream())
                .forEach(litmus -> lines.append(String.format("%-28s %s%n", litmus.name(), litmus.story())));
        return lines.toString();
    }

    private static String listedAsJson() {
        Map<String, String> stories = new LinkedHashMap<>();
        Stream.concat(Litmuses.ALL.stream(), Litmuses.LOCKS.stream()).forEach(litmus -> stories.put(litmus.name(), litmus.story()));
        return JsonText.of(stories);
    }

    private List<Litmus> litmuses() {
        if (file != null && name != null) {
            throw new BadInput("explore takes the name of a litmus or --file, not both.");
        }
        if (file != null) {
            return List.of(LitmusFiles.read(file).litmus());
        }
        if (name == null) {
            throw new BadInput("explore takes the name of a litmus, or all; janklab explore --list shows them.");
        }
        if (name.equals(ExploredKernels.ALL)) {
            return Litmuses.ALL;
        }
        if (name.equals(LOCKS)) {
            return Litmuses.LOCKS;
        }
        Litmus litmus = Litmuses.byName(name);
        if (litmus == null) {
            throw new BadInput("there is no litmus '" + name + "'"
                    + Nearest.hint(name, Litmuses.ALL.stream().map(Litmus::name).toList()) + ".");
        }
        return List.of(litmus);
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
        long usual = switch (how) {
            case Strategy.DepthFirst dfs -> 1_000_000;
            case Strategy.Auto auto -> 100_000;
            default -> 10_000;
        };
        return schedules == null ? usual : schedules;
    }
}
