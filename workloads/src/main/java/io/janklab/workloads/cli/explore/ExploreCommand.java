package io.janklab.workloads.cli.explore;

import io.janklab.explore.ExploreSpec;
import io.janklab.explore.Explorer;
import io.janklab.explore.Litmus;
import io.janklab.explore.Strategy;
import io.janklab.explore.Verdict;
import io.janklab.explore.litmus.KnownCatch;
import io.janklab.explore.litmus.Litmuses;
import io.janklab.workloads.cli.common.CommonOptions;
import io.janklab.workloads.cli.common.ExitCode;
import io.janklab.workloads.cli.common.JsonText;
import io.janklab.workloads.cli.common.OutputFolder;
import io.janklab.workloads.cli.common.ProgressLine;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.input.Nearest;
import io.janklab.workloads.input.ShellWord;
import io.janklab.workloads.live.litmus.LitmusPlan;
import io.janklab.workloads.program.Standstill;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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
    private static final String KEY = "litmus";
    /// Those of the lock alone.
    private static final String LOCKS = "locks";
    private static final String FILE = "explore.json";
    private static final String TRACE = "schedule.perfetto-trace";

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
            common.print(ExploreCommand::listed, ExploreCommand::listedAsJson);
            return ExitCode.OK;
        }
        boolean leftToUs = name == null && file == null && !kernels.knownCatches().isEmpty();
        List<Job> jobs = new ArrayList<>(leftToUs ? knownToCatch() : asked());
        Optional<OutputFolder> folder = common.folder(FILE, KEY);
        List<ExploreText> explored = new ArrayList<>(explore(jobs));
        if (!leftToUs && jobs.getFirst().isSearch() && explored.stream().noneMatch(ExploreText::isBroken)) {
            List<Job> known = knownToCatch();
            explored.addAll(explore(known));
            jobs.addAll(known);
        }
        common.verify(cameTo(explored), () -> jobs.stream().map(job -> explore(job).cameTo()).toList());
        List<ExploreText> broken = explored.stream().filter(ExploreText::isBroken).toList();
        if (trace != null) {
            writeTrace(trace, jobs.getFirst(), broken);
        }
        folder.ifPresent(out -> out.write(making -> writeInto(making, explored)));
        common.print(() -> jobs.size() == 1 ? explored.getFirst().text() : endOf(explored, broken), () -> json(explored));
        common.remarkWritten(broken.isEmpty() ? List.of(FILE) : List.of(FILE, TRACE));
        return broken.isEmpty() ? ExitCode.OK : ExitCode.KERNEL_RULE_BROKEN;
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
        String again = "janklab explore " + specs.getFirst().litmus().name() + kernels.optionsFor(specs.getFirst());
        return new LitmusPlan(specs.getFirst(), how, Math.min(mostSchedules, most(how)), again);
    }

    /// One exploration: of a litmus on a kernel, with at most `most` schedules.
    private record Job(ExploreSpec spec, Strategy how, long most, long seed) {
        /// As opposed to the replay of one schedule.
        boolean isSearch() {
            return !(how instanceof Strategy.Replay);
        }
    }

    private List<Job> asked() {
        Strategy how = how();
        return kernels.with(litmuses()).stream().map(spec -> new Job(spec, how, most(how), common.seed())).toList();
    }

    /// The explorations known to catch the rules that are taken out; prints a remark for each.
    private List<Job> knownToCatch() {
        List<Job> jobs = new ArrayList<>();
        for (KnownCatch known : kernels.knownCatches()) {
            kernels.with(known).forEach(spec -> jobs.add(new Job(spec, known.strategy(), known.schedules(), 1)));
            common.remark(String.format(Locale.ROOT,
                    "What %s is there for, %s shows within %,d schedules by %s on %s, %s: that is explored.%n",
                    known.rule().key(), known.litmus().name(), known.schedules(), known.strategy(),
                    KnownCatch.KERNEL.label(), ExploredKernels.label(KnownCatch.ARCHITECTURE)));
        }
        return jobs;
    }

    /// A line for each as it ends, if there are several.
    private List<ExploreText> explore(List<Job> jobs) {
        int column = jobs.stream().mapToInt(job -> job.spec().kernel().name().length()).reduce(ExploreText.WIDTH, Math::max);
        if (jobs.size() > 1) {
            common.remark(ExploreText.heading(column));
        }
        List<ExploreText> explored = new ArrayList<>();
        for (Job job : jobs) {
            ExploreText text = explore(job);
            explored.add(text);
            if (jobs.size() > 1) {
                common.remark(text.line(column));
            }
        }
        return explored;
    }

    private static List<String> cameTo(List<ExploreText> explored) {
        return explored.stream().map(ExploreText::cameTo).toList();
    }

    private static String endOf(List<ExploreText> explored, List<ExploreText> broken) {
        StringBuilder end = new StringBuilder();
        broken.forEach(text -> end.append('\n').append(text.text()));
        long complete = explored.stream().filter(ExploreText::isComplete).count();
        return end.append(String.format(Locale.ROOT, "%n%d explored, %d of them to the end; %d broken.%n",
                explored.size(), complete, broken.size())).toString();
    }

    private static String json(List<ExploreText> explored) {
        return JsonText.of(explored.size() == 1
                ? explored.getFirst().json()
                : Map.of(KEY, explored.stream().map(ExploreText::json).toList()));
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

    private static void writeInto(Path making, List<ExploreText> explored) throws IOException {
        Files.writeString(making.resolve(FILE), json(explored));
        for (ExploreText text : explored) {
            if (text.isBroken()) {
                text.trace().write(making.resolve(TRACE));
                return;
            }
        }
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

    private ExploreText explore(Job job) {
        ExploreSpec spec = job.spec();
        long began = System.nanoTime();
        String name = spec.litmus().name();
        try (ProgressLine progress = new ProgressLine(name, job.most(), common.isSilent());
                Standstill _ = Standstill.watchSchedules(name + " on " + spec.kernel().name(), progress::steps)) {
            Verdict verdict = new Explorer(spec).strategy(job.how()).schedules(job.most()).seed(job.seed())
                    .progress(progress::step).explore();
            String subject = file == null || Litmuses.byName(spec.litmus().name()) == spec.litmus()
                    ? spec.litmus().name()
                    : "--file " + ShellWord.of(file.toString());
            return new ExploreText(spec, subject, kernels.optionsFor(spec), verdict, System.nanoTime() - began);
        }
    }

    private void writeTrace(Path file, Job first, List<ExploreText> broken) {
        try {
            if (!broken.isEmpty()) {
                broken.getFirst().trace().write(file);
            } else if (first.how() instanceof Strategy.Replay replay) {
                new ScheduleTrace(first.spec(), replay.schedule()).write(file);
            } else {
                common.warn("--trace " + file + " is not written: no schedule broke a rule; --strategy replay:SCHEDULE traces any other.");
            }
        } catch (IOException e) {
            throw new BadInput("--trace " + file + " cannot be written (" + e.getMessage() + ").");
        }
    }
}
