package io.janklab.workloads.cli.run;

import io.janklab.dashboards.android.BenchmarkData;
import io.janklab.dashboards.android.BenchmarkDevice;
import io.janklab.dashboards.android.GfxInfo;
import io.janklab.dashboards.android.JankCounts;
import io.janklab.dashboards.android.ProfileData;
import io.janklab.dashboards.compare.Experiment;
import io.janklab.dashboards.compare.KernelResult;
import io.janklab.dashboards.compare.SeedFrame;
import io.janklab.dashboards.metrics.MetricsText;
import io.janklab.dashboards.metrics.OpenMetricsHistory;
import io.janklab.dashboards.offcpu.FoldedStacks;
import io.janklab.dashboards.report.html.ReportHtml;
import io.janklab.dashboards.report.json.ResultJson;
import io.janklab.workloads.app.AndroidApp;
import io.janklab.workloads.cli.common.OutputFolder;
import io.janklab.workloads.cli.plan.Exports;
import io.janklab.workloads.cli.plan.RunPlan;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.sweep.OnEveryCore;
import io.janklab.workloads.sweep.RunResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The files of a run or a comparison. Files about a single kernel are written for each, with the kernel in the name if there are several.
public final class RunFiles implements OutputFolder.Maker {
    public static final String RESULT = "result.json";
    /// A key that [#RESULT] has, of either command.
    public static final String RESULT_KEY = "kernels";
    public static final String REPORT = "report.html";
    /// The folder of a control's files.
    static final String CONTROL = "control";
    /// Every name that [#names] can have.
    private static final Pattern OWN = Pattern.compile(
            "(result|benchmarkData)\\.json|(metrics|openmetrics|gfxinfo.*)\\.txt|report\\.html|control|"
            + "offcpu.*\\.folded|trace.*\\.perfetto-trace");

    /// Writes one file.
    private interface Writer {
        void write(Path file) throws IOException;
    }

    private final Map<String, Writer> writers = new LinkedHashMap<>();
    private final List<String> jankCounts = new ArrayList<>();
    private final List<String> shortCounts = new ArrayList<>();
    private final Map<String, String> traces = new LinkedHashMap<>();
    private final Exports exports;
    /// Its process, or the recording.
    private final String app;
    private final Experiment experiment;

    public RunFiles(RunPlan plan, Experiment experiment, List<RunResult> results) {
        this.exports = plan.exports();
        this.app = plan.recording() == null ? AndroidApp.PROCESS : plan.recording().title();
        this.experiment = experiment;
        BenchmarkDevice phone = phone(plan.settings().getFirst().device());
        writers.put(RESULT, file -> ResultJson.write(experiment, file));
        writers.put("metrics.txt", file -> MetricsText.write(results.stream().map(RunResult::meters).toList(), file));
        writers.put(REPORT, file -> ReportHtml.write(experiment, jankCounts, file));
        writers.put("benchmarkData.json", file -> BenchmarkData.write(experiment, phone, traces, file));
        List<RunResult> shown = new ArrayList<>();
        for (int i = 0; i < experiment.kernels().size(); i++) {
            addKernel(experiment.kernels().get(i), plan.runsOf(i, results));
            shown.add(plan.runsOf(i, results).get(seedOfTheLatestFrame()));
        }
        if (exports.openMetrics()) {
            writers.put("openmetrics.txt", file -> writeOpenMetrics(file, shown));
        }
    }

    /// Of the same run as [#addKernel].
    private void writeOpenMetrics(Path file, List<RunResult> shown) throws IOException {
        OpenMetricsHistory history = new OpenMetricsHistory(exports.epoch().toEpochMilli());
        shown.forEach(run -> new SecondLook(run).sampleInto(history));
        history.write(file);
    }

    private void addKernel(KernelResult kernel, List<RunResult> runs) {
        RunResult shown = runs.get(seedOfTheLatestFrame());
        List<ProfileData> gfxInfo = runs.stream().map(RunResult::gfxInfo).toList();
        jankCounts.add(JankCounts.sentence(kernel, gfxInfo));
        shortCounts.add(JankCounts.counts(kernel, gfxInfo));
        writers.put(name("gfxinfo", kernel, ".txt"), file -> GfxInfo.write(kernel, gfxInfo, app, file));
        if (exports.offCpu()) {
            SecondLook look = new SecondLook(shown);
            for (FoldedStacks.Part part : FoldedStacks.Part.values()) {
                writers.put(name("offcpu", kernel, part.suffix() + ".folded"), file -> look.writeFolded(file, part));
            }
        }
        if (exports.perfetto()) {
            String name = traceOf(kernel.name(), experiment.kernels().size());
            traces.put(kernel.name(), name);
            writers.put(name, file -> new SecondLook(shown).writePerfetto(file, exports.traceWindowNs()));
        }
    }

    /// The index of the seed in which the first kernel had its latest frame: all kernels are shown in the same run.
    private int seedOfTheLatestFrame() {
        List<SeedFrame> worst = experiment.kernels().getFirst().worstFrames();
        return worst.isEmpty() ? 0 : experiment.seeds().indexOf(worst.getFirst().seed());
    }

    private static BenchmarkDevice phone(Device device) {
        return new BenchmarkDevice(device.name(), device.hardware().cpus().size(), device.hardware().memoryBytes());
    }

    private String name(String what, KernelResult kernel, String ending) {
        return name(what, kernel.name(), ending, experiment.kernels().size());
    }

    private static String name(String what, String kernel, String ending, int kernels) {
        return kernels == 1 ? what + ending : what + "-" + kernel + ending;
    }

    /// The file name of that kernel's trace.
    public static String traceOf(String kernel, int kernels) {
        return name("trace", kernel, ".perfetto-trace", kernels);
    }

    /// Why the counts of janky frames differ from file to file, in a line for the terminal; null if no frame was drawn.
    @Nullable String jankCounts() {
        boolean areFrames = experiment.kernels().stream().anyMatch(kernel -> kernel.frames().count() > 0);
        return areFrames ? JankCounts.heading() + String.join("; ", shortCounts) + ". " + REPORT + " tells why they differ." : null;
    }

    /// In the order in which they are written.
    List<String> names() {
        return new ArrayList<>(writers.keySet());
    }

    /// Writes one of [#names] alone.
    public void write(String name, Path file) throws IOException {
        Objects.requireNonNull(writers.get(name)).write(file);
    }

    @Override
    public boolean isLeftover(String name) {
        return OWN.matcher(name).matches();
    }

    @Override
    public void makeIn(Path folder) throws IOException {
        makeAll(pending(folder));
    }

    /// Files that are yet to be written into `folder`, the slowest first: the others are written on the other cores meanwhile.
    Stream<Pending> pending(Path folder) {
        return writers.entrySet().stream()
                .map(each -> new Pending(each.getValue(), folder.resolve(each.getKey())))
                .sorted(Comparator.comparing(file -> !file.path.endsWith(REPORT)));
    }

    /// One file that is yet to be written.
    record Pending(Writer writer, Path path) {
        private Path write() {
            try {
                writer.write(path);
                return path;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /// Writes them, one per core at a time.
    static void makeAll(Stream<Pending> files) throws IOException {
        try {
            new OnEveryCore().mapAll(files.toList(), Pending::write);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
