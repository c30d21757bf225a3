package io.janklab.workloads.cli.explore;

import io.janklab.explore.Strategy;
import io.janklab.explore.Verdict;
import io.janklab.explore.search.Explorer;
import io.janklab.workloads.cli.common.ExitCode;
import io.janklab.workloads.cli.common.Job;
import io.janklab.workloads.cli.common.JsonText;
import io.janklab.workloads.cli.common.Output;
import io.janklab.workloads.cli.common.OutputFolder;
import io.janklab.workloads.cli.common.ProgressLine;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.program.Standstill;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The work of `explore` from a plan to output: explores, writes the folder, prints.
record ExploreJob(Output output, ExplorePlan plan) implements Job {
    static final String KEY = "litmus";
    private static final String FILE = "explore.json";
    private static final String TRACE = "schedule.perfetto-trace";

    @Override
    public int run() {
        List<PlannedExploration> explorations = new ArrayList<>(plan.asked().isEmpty() ? remarkedKnown() : plan.asked());
        Optional<OutputFolder> folder = output.folder(FILE, KEY);
        List<ExploreText> explored = new ArrayList<>(explore(explorations));
        if (!plan.asked().isEmpty() && explorations.getFirst().isSearch() && explored.stream().noneMatch(ExploreText::isBroken)) {
            List<PlannedExploration> known = remarkedKnown();
            explored.addAll(explore(known));
            explorations.addAll(known);
        }
        output.verify(cameTo(explored), () -> cameTo(explorations.stream().map(this::explore).toList()));
        List<ExploreText> broken = explored.stream().filter(ExploreText::isBroken).toList();
        if (plan.trace() != null) {
            writeTrace(plan.trace(), explorations.getFirst(), broken);
        }
        folder.ifPresent(out -> out.write(making -> writeInto(making, explored)));
        output.print(() -> explorations.size() == 1 ? explored.getFirst().text() : endOf(explored, broken), () -> json(explored));
        output.remarkWritten(broken.isEmpty() ? List.of(FILE) : List.of(FILE, TRACE));
        return broken.isEmpty() ? ExitCode.OK : ExitCode.KERNEL_RULE_BROKEN;
    }

    /// What is known to catch the rules that are taken out; prints a remark for each.
    private List<PlannedExploration> remarkedKnown() {
        plan.known().forEach(known -> output.remark(known.remark()));
        return plan.known().stream().flatMap(known -> known.explorations().stream()).toList();
    }

    /// A line for each as it ends, if there are several.
    private List<ExploreText> explore(List<PlannedExploration> explorations) {
        int column = explorations.stream().mapToInt(each -> each.spec().kernel().name().length()).reduce(ExploreText.WIDTH, Math::max);
        if (explorations.size() > 1) {
            output.remark(ExploreText.heading(column));
        }
        List<ExploreText> explored = new ArrayList<>();
        for (PlannedExploration exploration : explorations) {
            ExploreText text = explore(exploration);
            explored.add(text);
            if (explorations.size() > 1) {
                output.remark(text.line(column));
            }
        }
        return explored;
    }

    private ExploreText explore(PlannedExploration exploration) {
        long began = System.nanoTime();
        String name = exploration.spec().litmus().name();
        try (ProgressLine progress = new ProgressLine(name, exploration.most(), output.isSilent());
                Standstill _ = Standstill.watchSchedules(name + " on " + exploration.spec().kernel().name(), progress::steps)) {
            Verdict verdict = new Explorer(exploration.spec()).strategy(exploration.how()).schedules(exploration.most())
                    .seed(exploration.seed()).progress(progress::step).explore();
            return new ExploreText(exploration.spec(), exploration.subject(), exploration.options(), verdict, System.nanoTime() - began);
        }
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

    private static void writeInto(Path making, List<ExploreText> explored) throws IOException {
        Files.writeString(making.resolve(FILE), json(explored));
        for (ExploreText text : explored) {
            if (text.isBroken()) {
                text.trace().write(making.resolve(TRACE));
                return;
            }
        }
    }

    private void writeTrace(Path file, PlannedExploration first, List<ExploreText> broken) {
        try {
            if (!broken.isEmpty()) {
                broken.getFirst().trace().write(file);
            } else if (first.how() instanceof Strategy.Replay replay) {
                new ScheduleTrace(first.spec(), replay.schedule()).write(file);
            } else {
                output.warn("--trace " + file + " is not written: no schedule broke a rule; --strategy replay:SCHEDULE traces any other.");
            }
        } catch (IOException e) {
            throw new BadInput("--trace " + file + " cannot be written (" + e.getMessage() + ").");
        }
    }
}
