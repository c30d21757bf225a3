package io.janklab.workloads.cli;

import io.janklab.allocator.preset.HeapConfig;
import io.janklab.dashboards.compare.Experiment;
import io.janklab.dashboards.compare.KernelResult;
import io.janklab.dashboards.compare.TraceInput;
import io.janklab.dashboards.metrics.MetricsText;
import io.janklab.dashboards.report.ActivityTable;
import io.janklab.dashboards.report.ResultJson;
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
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;

/// `janklab replay` on kernels: plan, run, write the folder, print.
final class ReplayJob {
    private static final List<String> DEFAULT_KERNELS = List.of("6.17");
    private static final String DEFAULT_DEVICE = "pixel-6";

    private final ReplayCommand options;
    private final PrintWriter out;

    ReplayJob(ReplayCommand options) {
        this.options = options;
        this.out = options.spec.commandLine().getOut();
    }

    void run(AllocationTrace trace, HeapConfig heap) {
        Device device = Device.find(options.device == null ? DEFAULT_DEVICE : options.device);
        List<ReplayRun> specs = kernels(device).stream().map(kernel -> new ReplayRun(device, kernel, heap, trace, options.seed)).toList();
        Path folder = options.out == null ? Path.of("out") : options.out;
        OutputFolder output = new OutputFolder(folder);
        List<ReplayRun.Result> results = execute(specs);
        Experiment experiment = experiment(specs, results);
        output.write(making -> {
            ResultJson.write(experiment, making.resolve("result.json"));
            MetricsText.write(results.stream().map(ReplayRun.Result::meters).toList(), making.resolve("metrics.txt"));
        });
        print(experiment, trace, results, folder);
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
        try (ProgressLine progress = new ProgressLine("runs", specs.size(), options.quiet || options.json)) {
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
        return Experiment.of("replay", specs.getFirst().device().name(), List.of(options.seed), trace, kernels);
    }

    private void print(Experiment experiment, AllocationTrace trace, List<ReplayRun.Result> results, Path folder) {
        if (options.json) {
            out.print(text(bytes -> ResultJson.write(experiment, bytes)));
        } else if (!options.quiet) {
            out.printf(Locale.ROOT, "%s on %s: %,d records by %d threads, allocator %s%n%n", trace.name(), experiment.device(), trace.records(),
                    trace.threadCount(), options.preset);
            out.print(text(bytes -> ActivityTable.print(experiment, new PrintStream(bytes, true, StandardCharsets.UTF_8))));
            for (int i = 0; i < results.size(); i++) {
                ReplayRun.Result end = results.get(i);
                out.printf(Locale.ROOT, "%nHeap at the end on %s: %,d bytes allocated, %,d active, %,d resident", experiment.kernels().get(i).name(),
                        end.allocated(), end.active(), end.resident());
            }
            out.println("\nWritten to " + folder + ": result.json, metrics.txt");
        }
        out.flush();
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
