package io.janklab.workloads.cli;

import io.janklab.dashboards.compare.Experiment;
import io.janklab.dashboards.compare.KernelResult;
import io.janklab.dashboards.compare.SeedRun;
import io.janklab.dashboards.compare.TraceInput;
import io.janklab.dashboards.report.ResultJson;
import io.janklab.dashboards.report.TerminalTable;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.workloads.sweep.LocalRunner;
import io.janklab.workloads.sweep.RunResult;
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

    void run(List<String> versions, int defaultSeeds) {
        RunOptions.Plan plan = options.plan(versions, defaultSeeds);
        OutputFolder folder = new OutputFolder(options.out);
        List<RunResult> results = execute(plan);
        Experiment experiment = experiment(plan, results);
        RunFiles files = new RunFiles(plan, experiment, results);
        folder.write(files);
        print(experiment, plan, files);
    }

    private List<RunResult> execute(RunOptions.Plan plan) {
        try (ProgressLine progress = new ProgressLine("runs", plan.specs().size(), options.quiet || options.json)) {
            return new LocalRunner().run(plan.specs(), progress);
        }
    }

    private static Experiment experiment(RunOptions.Plan plan, List<RunResult> results) {
        List<KernelResult> kernels = new ArrayList<>();
        for (int i = 0; i < plan.kernels().size(); i++) {
            KernelProfile kernel = plan.kernels().get(i);
            List<SeedRun> runs = plan.runsOf(i, results).stream().map(RunResult::run).toList();
            kernels.add(new KernelResult(kernel.name(), kernel.switches(), runs));
        }
        TraceInput trace = plan.trace() == null ? null : new TraceInput(plan.traceFile().getFileName().toString(), plan.trace().records());
        return Experiment.of(plan.scenario().name(), plan.device().name(), plan.seeds(), trace, kernels);
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
        TerminalTable.print(experiment, new PrintStream(bytes, true, StandardCharsets.UTF_8));
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
