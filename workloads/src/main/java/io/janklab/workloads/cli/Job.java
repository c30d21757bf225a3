package io.janklab.workloads.cli;

import io.janklab.dashboards.compare.Experiment;
import io.janklab.dashboards.compare.KernelResult;
import io.janklab.dashboards.compare.TraceInput;
import io.janklab.dashboards.report.json.ResultJson;
import io.janklab.dashboards.report.text.Ink;
import io.janklab.dashboards.report.text.TerminalTable;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.workloads.sweep.LocalRunner;
import io.janklab.workloads.sweep.RunResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;

/// One command's work from options to output: plan, run, write the folder, print.
final class Job {
    private final CommonOptions common;
    private final RunOptions options;

    Job(CommonOptions common, RunOptions options) {
        this.common = common;
        this.options = options;
    }

    /// @param withBound whether to run the bound of the first kernel too
    void run(List<String> versions, int defaultSeeds, boolean withBound) {
        RunOptions.Plan plan = options.plan(common, versions, defaultSeeds, withBound);
        Optional<OutputFolder> folder = common.folder(RunFiles.RESULT, RunFiles.RESULT_KEY);
        List<RunResult> results = execute(plan);
        common.verify(digests(results), () -> digests(new LocalRunner().run(plan.specs(), result -> {})));
        Experiment experiment = experiment(plan, results);
        RunFiles files = new RunFiles(plan, options.exports, experiment, results);
        folder.orElseThrow().write(files);
        common.print(() -> table(experiment) + new Notes(plan).text(), () -> json(experiment));
        common.remarkWritten(files.names());
        if (options.exports.otlp != null) {
            results.forEach(result -> new SecondLook(result).push(options.exports.otlp, options.exports.epoch));
        }
    }

    private List<RunResult> execute(RunOptions.Plan plan) {
        try (ProgressLine progress = new ProgressLine("runs", plan.specs().size(), common.isSilent())) {
            return options.exports.wantsOnlookers() ? executeBeforeOnlookers(plan, progress) : new LocalRunner().run(plan.specs(), progress);
        }
    }

    private static List<String> digests(List<RunResult> results) {
        return results.stream().map(Job::digest).toList();
    }

    private static String digest(RunResult result) {
        return String.format("seed %d on %s: digest %016x", result.spec().seed(), result.spec().kernel().name(), result.run().digest());
    }

    private List<RunResult> executeBeforeOnlookers(RunOptions.Plan plan, ProgressLine progress) {
        try (Onlookers onlookers = options.exports.onlookers()) {
            if (onlookers.url() != null) {
                common.remark("Meters at " + onlookers.url() + " while it runs.");
            }
            return new LocalRunner(onlookers).run(plan.specs(), progress);
        }
    }

    private static Experiment experiment(RunOptions.Plan plan, List<RunResult> results) {
        List<KernelResult> kernels = new ArrayList<>();
        for (int i = 0; i < plan.kernels().size(); i++) {
            kernels.add(kernelResult(plan.kernels().get(i), plan.runsOf(i, results)));
        }
        KernelResult bound = plan.bound() == null ? null : kernelResult(plan.bound(), plan.runsOf(kernels.size(), results));
        TraceInput trace = plan.trace() == null ? null : new TraceInput(plan.traceFile().getFileName().toString(), plan.trace().records());
        return Experiment.of(plan.scenario().name(), plan.device().name(), plan.seeds(), trace, kernels, bound);
    }

    private static KernelResult kernelResult(KernelProfile kernel, List<RunResult> results) {
        return new KernelResult(kernel.name(), kernel.switches(), results.stream().map(RunResult::run).toList());
    }

    private static String json(Experiment experiment) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ResultJson.write(experiment, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static String table(Experiment experiment) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        // Coloured on a terminal, unless NO_COLOR is set.
        Ink ink = CommandLine.Help.Ansi.AUTO.enabled() ? Ink.COLOURED : Ink.PLAIN;
        TerminalTable.print(experiment, new PrintStream(bytes, true, StandardCharsets.UTF_8), ink);
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
