package io.janklab.workloads.cli.live;

import io.janklab.program.Nearest;
import io.janklab.workloads.cache.LastUsed;
import io.janklab.workloads.cli.common.Misuse;
import io.janklab.workloads.cli.explore.ExploreCommand;
import io.janklab.workloads.cli.plan.RunPlan;
import io.janklab.workloads.cli.run.CompareCommand;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.input.OwnClass;
import io.janklab.workloads.live.ask.Plan;
import io.janklab.workloads.live.ask.Planner;
import io.janklab.workloads.live.ask.Question;
import io.janklab.workloads.live.litmus.LitmusPlan;
import io.janklab.workloads.live.litmus.LitmusPlanner;
import io.janklab.workloads.live.litmus.LitmusQuestion;
import io.janklab.workloads.recording.RecordedCases;
import io.janklab.workloads.sweep.RunSpec;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/// Has `compare` and `explore` parse a page's question as if it had been typed, within what a page may ask for. A page opens no files
/// except recordings that were named when the server was started.
public final class LivePlanner implements Planner, LitmusPlanner {
    private static final int MOST_SEEDS = 100;
    private static final long MOST_SCHEDULES = 20_000;
    private static final int PLANS_KEPT = 64;
    private static final String RECORDING = "recording";
    private static final List<String> FILE_ENDINGS = List.of(".yaml", ".java");
    /// Of a scenario; `frameOverrunMs.P99` looks like a class.
    private static final String HEADLINE = "headline";
    private static final double NS_PER_S = 1e9;

    private final Map<String, Path> recordings;
    private final RecordedCases openRecordings = new RecordedCases();
    private final long longestNs;
    /// A page asks the same again: for each of its files, and when its stream has broken.
    private final LastUsed<List<String>, Plan> plans = new LastUsed<>(PLANS_KEPT);

    /// @param recordings by the name under which a page asks for them
    /// @param longestNs  of virtual time that a run may last
    public LivePlanner(Map<String, Path> recordings, long longestNs) {
        this.recordings = recordings;
        this.longestNs = longestNs;
    }

    @Override
    public Plan plan(Question question) {
        question.fields().forEach(LivePlanner::requireNothingOfTheHosts);
        Question named = question.fields().containsKey(RECORDING)
                ? question.with(RECORDING, recording(question.fields().get(RECORDING)))
                : question;
        List<String> words = named.words();
        Plan known = plans.get(words);
        return known != null ? known : plans.putIfAbsent(words, new LivePlan(named.command(), checked(compare(words))));
    }

    /// A link from elsewhere must not make this process read files or load classes.
    private static void requireNothingOfTheHosts(String field, String value) {
        for (String part : value.split("[+,=]")) {
            boolean isClass = OwnClass.isOne(part) && !field.endsWith(HEADLINE);
            if (isClass || FILE_ENDINGS.stream().anyMatch(part::endsWith)) {
                throw new BadInput("a page opens no files and loads no classes, such as '" + part + "': janklab itself does.");
            }
        }
    }

    private String recording(String name) {
        Path file = recordings.get(name);
        if (file == null) {
            throw new BadInput("there is no recording '" + name + "'" + Nearest.hint(name, List.copyOf(recordings.keySet()))
                    + "; janklab serve --recording FILE offers one.");
        }
        return file.toString();
    }

    private RunPlan compare(List<String> words) {
        CompareCommand command = new CompareCommand();
        CommandLine line = new CommandLine(command);
        command.openRecordingsIn(openRecordings);
        return judged(line, words, command::plan, "--perfetto");
    }

    @Override
    public LitmusPlan plan(LitmusQuestion question) {
        question.fields().forEach(LivePlanner::requireNothingOfTheHosts);
        ExploreCommand command = new ExploreCommand();
        return judged(new CommandLine(command), question.words(), () -> command.plan(MOST_SCHEDULES));
    }

    /// The plan of the options, once they have been parsed.
    private static <T> T judged(CommandLine line, List<String> words, Supplier<T> plan, String... more) {
        line.setExpandAtFiles(false);
        try {
            line.parseArgs(Stream.concat(words.stream(), Stream.of(more)).toArray(String[]::new));
        } catch (ParameterException e) {
            throw new BadInput(Misuse.sentence(e));
        }
        return plan.get();
    }

    private RunPlan checked(RunPlan plan) {
        if (plan.seeds().size() > MOST_SEEDS) {
            throw new BadInput("--seeds: a page runs at most " + MOST_SEEDS + " seeds, not " + plan.seeds().size()
                    + "; janklab compare takes more.");
        }
        long ns = plan.specs().stream().mapToLong(LivePlanner::lengthNs).max().orElse(0);
        if (ns > longestNs) {
            throw new BadInput(String.format(Locale.ROOT, "--duration: a run of a page lasts at most %s s of virtual time, warm-up "
                    + "included, not %s s; janklab serve --longest allows more.", seconds(longestNs), seconds(ns)));
        }
        return plan;
    }

    private static long lengthNs(RunSpec spec) {
        return spec.recording() == null ? spec.durationNs() + spec.scenario().warmUpNs() : spec.recording().workload().durationNs;
    }

    private static String seconds(long ns) {
        return BigDecimal.valueOf(ns / NS_PER_S).stripTrailingZeros().toPlainString();
    }
}
