package io.janklab.workloads.cli;

import io.janklab.allocator.preset.HeapConfig;
import io.janklab.dashboards.compare.Experiment;
import io.janklab.dashboards.compare.KernelResult;
import io.janklab.dashboards.compare.TraceInput;
import io.janklab.dashboards.metrics.MetricsText;
import io.janklab.dashboards.report.json.ResultJson;
import io.janklab.dashboards.report.text.ActivityTable;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.replay.AllocationTrace;
import io.janklab.workloads.sweep.Changes;
import io.janklab.workloads.sweep.OnEveryCore;
import io.janklab.workloads.sweep.ReplayRun;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;

/// `janklab replay` on kernels: plan, run, write the folder, print.
final class ReplayJob {
    private static final List<String> DEFAULT_KERNELS = List.of("6.17");
    private static final String DEFAULT_DEVICE = "pixel-6";

    private final ReplayCommand options;
    private final CommonOptions common;

    ReplayJob(ReplayCommand options) {
        this.options = options;
        this.common = options.common;
    }

    void run(AllocationTrace trace, HeapConfig heap) {
        Device device = Device.find(options.device == null ? DEFAULT_DEVICE : options.device);
        List<ReplayRun> specs = kernels(device).stream().map(kernel -> new ReplayRun(device, kernel, heap, trace, common.seed())).toList();
        OutputFolder folder = common.folder(RunFiles.RESULT, RunFiles.RESULT_KEY).orElseThrow();
        List<ReplayRun.Result> results = execute(specs);
        common.verify(digests(specs, results), () -> digests(specs, execute(specs)));
        Experiment experiment = experiment(specs, results);
        folder.write(making -> {
            ResultJson.write(experiment, making.resolve(RunFiles.RESULT));
            MetricsText.write(results.stream().map(ReplayRun.Result::meters).toList(), making.resolve("metrics.txt"));
        });
        common.print(() -> text(experiment, trace, results), () -> text(bytes -> ResultJson.write(experiment, bytes)));
        common.remarkWritten(List.of(RunFiles.RESULT, "metrics.txt"));
    }

    private static List<String> digests(List<ReplayRun> specs, List<ReplayRun.Result> results) {
        List<String> digests = new ArrayList<>();
        for (int i = 0; i < specs.size(); i++) {
            digests.add(String.format("%s: digest %016x", specs.get(i).kernel().name(), results.get(i).run().digest()));
        }
        return digests;
    }

    private List<KernelProfile> kernels(Device device) {
        Changes set = Changes.of(options.changes);
        if (!set.scenario().isEmpty()) {
            throw new BadInput("there is no kernel switch '" + set.scenario().keySet().iterator().next() + "'; janklab list shows them.");
        }
        List<String> versions = options.kernels.isEmpty() ? DEFAULT_KERNELS : options.kernels;
        if (new HashSet<>(versions).size() < versions.size()) {
            throw new BadInput("--kernels names a kernel twice.");
        }
        return versions.stream().map(version -> set.kernel(version, device.hardware().architecture())).toList();
    }

    private List<ReplayRun.Result> execute(List<ReplayRun> specs) {
        try (ProgressLine progress = new ProgressLine("runs", specs.size(), common.isSilent())) {
            return new OnEveryCore().map(specs, spec -> {
                ReplayRun.Result result = spec.execute();
                progress.step();
                return result;
            });
        }
    }

    private Experiment experiment(List<ReplayRun> specs, List<ReplayRun.Result> results) {
        List<KernelResult> kernels = new ArrayList<>();
        for (int i = 0; i < specs.size(); i++) {
            KernelProfile kernel = specs.get(i).kernel();
            kernels.add(new KernelResult(kernel.name(), kernel.switches(), List.of(results.get(i).run())));
        }
        TraceInput trace = new TraceInput(options.file.getFileName().toString(), specs.getFirst().trace().records());
        return Experiment.of("replay", specs.getFirst().device().name(), List.of(common.seed()), trace, kernels);
    }

    private String text(Experiment experiment, AllocationTrace trace, List<ReplayRun.Result> results) {
        StringBuilder text = new StringBuilder();
        text.append(String.format(Locale.ROOT, "%s on %s: %,d records by %d threads, allocator %s%n%s%n%n", trace.name(), experiment.device(),
                trace.records(), trace.threadCount(), options.preset, Notes.threads(trace)));
        text.append(text(bytes -> ActivityTable.print(experiment, new PrintStream(bytes, true, StandardCharsets.UTF_8))));
        for (int i = 0; i < results.size(); i++) {
            ReplayRun.Result end = results.get(i);
            text.append(String.format(Locale.ROOT, "%nHeap at the end on %s: %,d bytes allocated, %,d active, %,d resident",
                    experiment.kernels().get(i).name(), end.allocated(), end.active(), end.resident()));
        }
        return text.append('\n').toString();
    }

    private interface Writer {
        void write(ByteArrayOutputStream bytes) throws IOException;
    }

    private static String text(Writer writer) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            writer.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
