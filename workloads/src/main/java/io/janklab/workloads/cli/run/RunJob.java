package io.janklab.workloads.cli.run;

import io.janklab.allocator.HeapStats;
import io.janklab.dashboards.compare.Experiment;
import io.janklab.dashboards.report.json.ResultJson;
import io.janklab.dashboards.report.text.Ink;
import io.janklab.dashboards.report.text.LockStatText;
import io.janklab.dashboards.report.text.TerminalTable;
import io.janklab.workloads.cli.common.ExitCode;
import io.janklab.workloads.cli.common.Job;
import io.janklab.workloads.cli.common.Output;
import io.janklab.workloads.cli.common.OutputFolder;
import io.janklab.workloads.cli.common.ProgressLine;
import io.janklab.workloads.cli.plan.Exports;
import io.janklab.workloads.cli.plan.Notes;
import io.janklab.workloads.cli.plan.RunPlan;
import io.janklab.workloads.sweep.LocalRunner;
import io.janklab.workloads.sweep.RunResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/// The work of `run` and `compare` from a plan to output: run, write the folder, print.
public record RunJob(Output output, RunPlan plan) implements Job {
    @Override
    public int run() {
        Optional<OutputFolder> folder = output.folder(RunFiles.RESULT, RunFiles.RESULT_KEY);
        List<RunResult> results = execute();
        output.verify(digests(results), () -> digests(new LocalRunner().run(plan.specs(), result -> {})));
        Experiment experiment = plan.experiment(results);
        RunFiles files = new RunFiles(plan, experiment, results);
        folder.orElseThrow().write(files);
        output.print(() -> text(plan, experiment, output.ink()) + heaps(plan, results), () -> json(experiment));
        output.remarkWritten(files.names());
        if (files.jankCounts() != null) {
            output.remark(files.jankCounts());
        }
        Exports exports = plan.exports();
        if (exports.otlp() != null) {
            results.forEach(result -> new SecondLook(result).push(exports.otlp(), exports.epoch()));
        }
        return ExitCode.OK;
    }

    private List<RunResult> execute() {
        try (ProgressLine progress = new ProgressLine("runs", plan.specs().size(), output.isSilent())) {
            return plan.exports().live() ? executeLive(progress) : new LocalRunner().run(plan.specs(), progress);
        }
    }

    public static List<String> digests(List<RunResult> results) {
        return results.stream().map(RunJob::digest).toList();
    }

    private static String digest(RunResult result) {
        return String.format(Locale.ROOT, "seed %d on %s: digest %016x", result.spec().seed(), result.spec().setting(),
                result.run().digest());
    }

    private List<RunResult> executeLive(ProgressLine progress) {
        try (Onlookers onlookers = new Onlookers(plan.exports().pace(), plan.exports().port())) {
            if (onlookers.url() != null) {
                output.remark("Meters at " + onlookers.url() + " while it runs.");
            }
            return new LocalRunner(onlookers).run(plan.specs(), progress);
        }
    }

    /// All that is printed of it.
    static String text(RunPlan plan, Experiment experiment, Ink ink) {
        Notes notes = new Notes(plan);
        String lockStat = plan.exports().lockStat() ? printed(out -> LockStatText.print(experiment, out)) : "";
        return notes.legend() + printed(out -> TerminalTable.print(experiment, out, ink)) + lockStat + notes.text();
    }

    public static String json(Experiment experiment) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ResultJson.write(experiment, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /// What is to be read of the native heap after the first run of each setting.
    static String heaps(RunPlan plan, List<RunResult> results) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < plan.settings().size() && !plan.readings().isEmpty(); i++) {
            RunResult first = plan.runsOf(i, results).getFirst();
            HeapStats heap = new SecondLook(first).heap();
            text.append(String.format(Locale.ROOT, "%nNative heap at the end on %s, seed %d:%n", first.spec().setting(),
                    first.spec().seed()));
            text.append(heap == null ? "none: the app had not started\n" : plan.readings().text(heap, first.run().virtualNs()));
        }
        return text.toString();
    }

    /// As text, what `printer` prints.
    public static String printed(Consumer<PrintStream> printer) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        printer.accept(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
