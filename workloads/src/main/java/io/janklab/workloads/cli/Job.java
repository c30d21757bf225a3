package io.janklab.workloads.cli;

import io.janklab.dashboards.compare.Experiment;
import io.janklab.dashboards.compare.KernelResult;
import io.janklab.dashboards.compare.TraceInput;
import io.janklab.dashboards.report.Ink;
import io.janklab.dashboards.report.ResultJson;
import io.janklab.dashboards.report.TerminalTable;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.workloads.sweep.LocalRunner;
import io.janklab.workloads.sweep.RunResult;
import io.janklab.workloads.sweep.RunSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/// One command's work from options to output: plan, run, write the folder, print.
final class Job {
    private final RunOptions options;
    private final PrintWriter out;

    Job(RunOptions options, CommandLine commandLine) {
        this.options = options;
        this.out = commandLine.getOut();
    }

    /// @param withBound whether to run the bound of the first kernel too
    void run(List<String> versions, int defaultSeeds, boolean withBound) {
        RunOptions.Plan plan = options.plan(versions, defaultSeeds, withBound);
        OutputFolder folder = OutputFolder.ofRuns(options.out, options.force);
        List<RunResult> results = execute(plan);
        if (options.verify) {
            verify(plan, results);
        }
        Experiment experiment = experiment(plan, results);
        RunFiles files = new RunFiles(plan, options.exports, experiment, results);
        folder.write(files);
        print(experiment, plan, files);
        if (options.exports.otlp != null) {
            results.forEach(result -> new SecondLook(result).push(options.exports.otlp, options.exports.epoch));
        }
    }

    private List<RunResult> execute(RunOptions.Plan plan) {
        try (ProgressLine progress = new ProgressLine("runs", plan.specs().size(), options.quiet || options.json)) {
            return options.exports.wantsOnlookers() ? executeBeforeOnlookers(plan, progress) : new LocalRunner().run(plan.specs(), progress);
        }
    }

    /// The same once more: equal digests say that everything happened alike.
    private void verify(RunOptions.Plan plan, List<RunResult> results) {
        List<RunResult> again = new LocalRunner().run(plan.specs(), result -> {});
        for (int i = 0; i < results.size(); i++) {
            RunSpec spec = plan.specs().get(i);
            long first = results.get(i).run().digest();
            long second = again.get(i).run().digest();
            if (first != second) {
                throw new IllegalStateException(String.format("seed %d on %s gave digest %016x and then %016x", spec.seed(), spec.kernel().name(), first, second));
            }
        }
        if (!options.quiet && !options.json) {
            out.println("Verified: each of the " + results.size() + " runs gave the same digest twice.");
        }
    }

    private List<RunResult> executeBeforeOnlookers(RunOptions.Plan plan, ProgressLine progress) {
        try (Onlookers onlookers = options.exports.onlookers()) {
            if (onlookers.url() != null && !options.quiet && !options.json) {
                out.println("Meters at " + onlookers.url() + " while it runs.");
                out.flush();
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

    private void print(Experiment experiment, RunOptions.Plan plan, RunFiles files) {
        if (options.json) {
            out.print(json(experiment));
        } else if (!options.quiet) {
            out.print(table(experiment));
            new Notes(plan).print(out);
            out.println("Written to " + options.out + ": " + String.join(", ", files.names()));
        }
        out.flush();
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
