package io.janklab.workloads.cli;

import io.janklab.dashboards.android.BenchmarkData;
import io.janklab.dashboards.android.GfxInfo;
import io.janklab.dashboards.android.Phone;
import io.janklab.dashboards.android.ProfileData;
import io.janklab.dashboards.compare.Experiment;
import io.janklab.dashboards.compare.KernelResult;
import io.janklab.dashboards.compare.SeedFrame;
import io.janklab.dashboards.metrics.MetricsText;
import io.janklab.dashboards.report.ReportHtml;
import io.janklab.dashboards.report.ResultJson;
import io.janklab.workloads.app.AndroidApp;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.sweep.RunResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The files of a run or a comparison. What can speak of one kernel only is a file for each, with the kernel in its name if there are several.
final class RunFiles implements OutputFolder.Maker {
    /// Writes one file.
    private interface Writer {
        void write(Path file) throws IOException;
    }

    private final Map<String, Writer> writers = new LinkedHashMap<>();
    private final Map<String, String> traces = new LinkedHashMap<>();
    private final ExportOptions exports;
    private final Experiment experiment;

    RunFiles(RunOptions.Plan plan, ExportOptions exports, Experiment experiment, List<RunResult> results) {
        this.exports = exports;
        this.experiment = experiment;
        Phone phone = phone(plan.device());
        writers.put("result.json", file -> ResultJson.write(experiment, file));
        writers.put("metrics.txt", file -> MetricsText.write(results.stream().map(RunResult::meters).toList(), file));
        writers.put("report.html", file -> ReportHtml.write(experiment, file));
        writers.put("benchmarkData.json", file -> BenchmarkData.write(experiment, phone, traces, file));
        for (int i = 0; i < experiment.kernels().size(); i++) {
            addKernel(experiment.kernels().get(i), plan.runsOf(i, results));
        }
    }

    private void addKernel(KernelResult kernel, List<RunResult> runs) {
        RunResult shown = runs.get(seedOfTheLatestFrame());
        List<ProfileData> gfxInfo = runs.stream().map(RunResult::gfxInfo).toList();
        writers.put(name("gfxinfo", kernel, ".txt"), file -> GfxInfo.write(kernel, gfxInfo, AndroidApp.PROCESS, file));
        if (exports.wantsPerfetto()) {
            String name = name("trace", kernel, ".perfetto-trace");
            traces.put(kernel.name(), name);
            writers.put(name, file -> new SecondLook(shown).writePerfetto(file, exports.traceWindowNs()));
        }
    }

    /// The index of the seed in which the first kernel had its latest frame: all kernels are shown in the same run.
    private int seedOfTheLatestFrame() {
        List<SeedFrame> worst = experiment.kernels().getFirst().worstFrames();
        return worst.isEmpty() ? 0 : experiment.seeds().indexOf(worst.getFirst().seed());
    }

    private static Phone phone(Device device) {
        return new Phone(device.name(), device.hardware().cpus().size(), device.hardware().memoryBytes());
    }

    private String name(String what, KernelResult kernel, String ending) {
        return experiment.kernels().size() == 1 ? what + ending : what + "-" + kernel.name() + ending;
    }

    /// In the order in which they are written.
    List<String> names() {
        return new ArrayList<>(writers.keySet());
    }

    @Override
    public void makeIn(Path folder) throws IOException {
        for (Map.Entry<String, Writer> entry : writers.entrySet()) {
            entry.getValue().write(folder.resolve(entry.getKey()));
        }
    }
}
