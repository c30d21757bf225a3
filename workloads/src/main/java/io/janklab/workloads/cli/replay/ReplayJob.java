package io.janklab.workloads.cli.replay;

import io.janklab.dashboards.compare.Experiment;
import io.janklab.dashboards.compare.KernelResult;
import io.janklab.dashboards.compare.PairedComparison;
import io.janklab.dashboards.metrics.MetricsText;
import io.janklab.dashboards.report.json.ResultJson;
import io.janklab.dashboards.report.text.ActivityTable;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.workloads.cli.common.ExitCode;
import io.janklab.workloads.cli.common.Job;
import io.janklab.workloads.cli.common.Output;
import io.janklab.workloads.cli.common.OutputFolder;
import io.janklab.workloads.cli.common.ProgressLine;
import io.janklab.workloads.cli.plan.Notes;
import io.janklab.workloads.cli.run.RunFiles;
import io.janklab.workloads.cli.run.RunJob;
import io.janklab.workloads.replay.AllocationTrace;
import io.janklab.workloads.sweep.OnEveryCore;
import io.janklab.workloads.sweep.ReplayRun;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// `janklab replay` on kernels: run, write the folder, print.
record ReplayJob(Output output, ReplayPlan plan) implements Job {
    private static final String PAGE = "heap.html";

    @Override
    public int run() {
        OutputFolder folder = output.folder(RunFiles.RESULT, RunFiles.RESULT_KEY).orElseThrow();
        plan.specs().forEach(spec -> plan.readings().check(spec.heap(), spec.device().hardware().cpus().size()));
        List<ReplayRun.Result> results = execute();
        output.verify(digests(results), () -> digests(execute()));
        Experiment experiment = experiment(results);
        folder.write(making -> {
            ResultJson.write(experiment, making.resolve(RunFiles.RESULT));
            MetricsText.write(results.stream().map(ReplayRun.Result::meters).toList(), making.resolve("metrics.txt"));
            String allocator = plan.preset() + " on " + plan.device().name();
            Files.writeString(making.resolve(PAGE), HeapPage.of(plan.trace().name(), allocator, heaps(results)));
        });
        output.print(() -> text(experiment, results), () -> RunJob.json(experiment));
        output.remarkWritten(List.of(RunFiles.RESULT, "metrics.txt", PAGE));
        return ExitCode.OK;
    }

    private List<HeapPage.Heap> heaps(List<ReplayRun.Result> results) {
        List<HeapPage.Heap> heaps = new ArrayList<>();
        for (int i = 0; i < results.size(); i++) {
            heaps.add(new HeapPage.Heap(plan.kernels().get(i).name(), results.get(i).snapshots()));
        }
        return heaps;
    }

    private List<String> digests(List<ReplayRun.Result> results) {
        List<String> digests = new ArrayList<>();
        for (int i = 0; i < results.size(); i++) {
            digests.add(String.format("%s: digest %016x", plan.kernels().get(i).name(), results.get(i).run().digest()));
        }
        return digests;
    }

    private List<ReplayRun.Result> execute() {
        try (ProgressLine progress = new ProgressLine("runs", plan.specs().size(), output.isSilent())) {
            return new OnEveryCore().map(plan.specs(), spec -> {
                ReplayRun.Result result = spec.execute();
                progress.step();
                return result;
            });
        }
    }

    private Experiment experiment(List<ReplayRun.Result> results) {
        List<KernelResult> kernels = new ArrayList<>();
        for (int i = 0; i < results.size(); i++) {
            KernelProfile kernel = plan.kernels().get(i);
            kernels.add(new KernelResult(kernel.name(), kernel.switches(), List.of(results.get(i).run())));
        }
        return Experiment.of("replay", plan.device().name(), PairedComparison.UI_INVERSION, List.of(plan.seed()), plan.traceInput(),
                kernels, null);
    }

    private String text(Experiment experiment, List<ReplayRun.Result> results) {
        AllocationTrace trace = plan.trace();
        StringBuilder text = new StringBuilder();
        text.append(String.format(Locale.ROOT, "%s on %s: %,d records by %d threads, allocator %s%n%s%n%n", trace.name(),
                experiment.device(),
                trace.records(), trace.threadCount(), plan.preset(), Notes.threads(trace)));
        text.append(RunJob.printed(out -> ActivityTable.print(experiment, out)));
        text.append('\n');
        for (int i = 0; i < results.size(); i++) {
            ReplayRun.Result end = results.get(i);
            text.append(String.format(Locale.ROOT, "Heap at the end on %s: %,d bytes allocated, %,d active, %,d resident",
                    experiment.kernels().get(i).name(), end.heap().allocated(), end.heap().active(), end.heap().resident()));
            text.append('\n').append(plan.readings().text(end.heap(), end.run().virtualNs()));
        }
        return text.toString();
    }
}
