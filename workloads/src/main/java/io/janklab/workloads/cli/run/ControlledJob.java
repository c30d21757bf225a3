package io.janklab.workloads.cli.run;

import io.janklab.dashboards.compare.Experiment;
import io.janklab.dashboards.report.text.SideBySide;
import io.janklab.workloads.cli.common.ExitCode;
import io.janklab.workloads.cli.common.Job;
import io.janklab.workloads.cli.common.Output;
import io.janklab.workloads.cli.common.OutputFolder;
import io.janklab.workloads.cli.common.ProgressLine;
import io.janklab.workloads.cli.plan.RunPlan;
import io.janklab.workloads.sweep.LocalRunner;
import io.janklab.workloads.sweep.OnEveryCore;
import io.janklab.workloads.sweep.RunResult;
import io.janklab.workloads.sweep.RunSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The work of a `compare` that has a control: runs both workloads, writes the control's files into a folder of their own, prints both side
/// by side.
///
/// @param verbose whether to print all that there is of both, too
record ControlledJob(Output output, RunPlan plan, RunPlan control, boolean verbose) implements Job {
    @Override
    public int run() {
        OutputFolder folder = output.folder(RunFiles.RESULT, RunFiles.RESULT_KEY).orElseThrow();
        List<RunSpec> specs = Stream.of(plan, control).map(RunPlan::specs).flatMap(List::stream).toList();
        List<RunResult> all;
        try (ProgressLine progress = new ProgressLine("runs", specs.size(), output.isSilent())) {
            all = new LocalRunner().run(specs, progress);
        }
        List<RunResult> results = all.subList(0, plan.specs().size());
        List<RunResult> controls = all.subList(plan.specs().size(), all.size());
        output.verify(digests(results, controls), () -> digests(again(plan), again(control)));
        List<Experiment> experiments =
                new OnEveryCore().map(List.of(true, false), first -> first ? plan.experiment(results) : control.experiment(controls));
        Experiment experiment = experiments.getFirst();
        Experiment controlled = experiments.getLast();
        BothFiles both = new BothFiles(new RunFiles(plan, experiment, results), new RunFiles(control, controlled, controls));
        folder.write(both);
        output.print(() -> text(experiment, controlled) + RunJob.heaps(plan, results), () -> json(experiment, controlled));
        output.remarkWritten(both.names());
        return ExitCode.OK;
    }

    private static List<RunResult> again(RunPlan plan) {
        return new LocalRunner().run(plan.specs(), result -> {});
    }

    private static List<String> digests(List<RunResult> results, List<RunResult> controls) {
        return Stream.of(results, controls).map(RunJob::digests).flatMap(List::stream).toList();
    }

    private String text(Experiment experiment, Experiment controlled) {
        String both = RunJob.printed(out -> SideBySide.print(experiment, controlled, out, output.ink()));
        return verbose
                ? both + "\n" + RunJob.text(plan, experiment, output.ink()) + "\n" + RunJob.text(control, controlled, output.ink())
                : both;
    }

    /// The workload's result, and in it the control's.
    private static String json(Experiment experiment, Experiment controlled) {
        ObjectNode json = (ObjectNode) JsonMapper.shared().readTree(RunJob.json(experiment));
        json.set(RunFiles.CONTROL, JsonMapper.shared().readTree(RunJob.json(controlled)));
        return json + "\n";
    }

    private record BothFiles(RunFiles workload, RunFiles control) implements OutputFolder.Maker {
        List<String> names() {
            return Stream.concat(workload.names().stream(), Stream.of(RunFiles.CONTROL + "/")).toList();
        }

        @Override
        public boolean isLeftover(String name) {
            return workload.isLeftover(name);
        }

        @Override
        public void makeIn(Path folder) throws IOException {
            Path controls = Files.createDirectory(folder.resolve(RunFiles.CONTROL));
            RunFiles.makeAll(Stream.concat(workload.pending(folder), control.pending(controls)));
        }
    }
}
