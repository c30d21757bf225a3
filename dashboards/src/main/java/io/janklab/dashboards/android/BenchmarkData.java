package io.janklab.dashboards.android;

import io.janklab.dashboards.compare.Experiment;
import io.janklab.dashboards.compare.KernelResult;
import io.janklab.dashboards.compare.Percentiles;
import io.janklab.dashboards.compare.Quantity;
import io.janklab.dashboards.file.AtomicFile;
import io.janklab.dashboards.measure.result.FrameTimes;
import io.janklab.dashboards.measure.result.RunMeasurement;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// `benchmarkData.json` in Macrobenchmark's schema (androidx `BenchmarkData.kt`): a benchmark for every kernel, an iteration for every
/// seed.
///
/// Its percentiles are interpolated over the frames of all iterations, as `MetricResult.kt` does; without frames there are no metrics.
public final class BenchmarkData {
    private static final ObjectMapper MAPPER = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final double NS_PER_MS = 1e6;
    private static final double MEDIAN = 50;
    /// Its name in a scenario, in ms.
    private static final String INITIAL_DISPLAY = "time to initial display";

    private final Experiment experiment;
    private final BenchmarkDevice phone;
    private final Map<String, String> traces;
    private final JsonGenerator json;

    private BenchmarkData(Experiment experiment, BenchmarkDevice phone, Map<String, String> traces, JsonGenerator json) {
        this.experiment = experiment;
        this.phone = phone;
        this.traces = traces;
        this.json = json;
    }

    /// @param traces by kernel, the file name of its Perfetto trace; kernels without one are left out
    /// @throws IOException if the file cannot be written; there is then none
    public static void write(Experiment experiment, BenchmarkDevice phone, Map<String, String> traces, Path file) throws IOException {
        AtomicFile.write(file, out -> write(experiment, phone, traces, out));
    }

    /// Writes UTF-8 and closes `out`.
    static void write(Experiment experiment, BenchmarkDevice phone, Map<String, String> traces, OutputStream out) {
        try (JsonGenerator json = MAPPER.createGenerator(out)) {
            new BenchmarkData(experiment, phone, traces, json).write();
        }
    }

    private void write() {
        json.writeStartObject();
        context();
        json.writeArrayPropertyStart("benchmarks");
        experiment.kernels().forEach(this::benchmark);
        json.writeEndArray();
        json.writeEndObject();
    }

    private void context() {
        json.writeObjectPropertyStart("context");
        build();
        json.writeNumberProperty("cpuCoreCount", phone.cpuCores());
        json.writeBooleanProperty("cpuLocked", true);
        json.writeNumberProperty("cpuMaxFreqHz", -1);
        json.writeNumberProperty("memTotalBytes", phone.memoryBytes());
        json.writeBooleanProperty("sustainedPerformanceModeEnabled", false);
        json.writeNumberProperty("artMainlineVersion", -1);
        json.writeStringProperty("osCodenameAbbreviated", "REL");
        json.writeStringProperty("compilationMode", "unknown");
        json.writeObjectPropertyStart("payload");
        json.writeStringProperty("scenario", experiment.scenario());
        json.writeStringProperty("seeds", experiment.seeds().toString());
        json.writeEndObject();
        json.writeEndObject();
    }

    /// States in every field that people may read that no phone was involved.
    private void build() {
        json.writeObjectPropertyStart("build");
        json.writeStringProperty("brand", "janklab");
        json.writeStringProperty("device", phone.name());
        json.writeStringProperty("fingerprint", "janklab/" + phone.name() + "/simulated");
        json.writeStringProperty("id", "simulated");
        json.writeStringProperty("model", phone.name() + " (simulated)");
        json.writeStringProperty("type", "simulated");
        json.writeObjectPropertyStart("version");
        json.writeStringProperty("codename", "REL");
        json.writeNumberProperty("sdk", 0);
        json.writeEndObject();
        json.writeEndObject();
    }

    private void benchmark(KernelResult kernel) {
        json.writeStartObject();
        json.writeStringProperty("name", experiment.scenario() + "[kernel=" + kernel.name() + "]");
        json.writeObjectPropertyStart("params");
        json.writeStringProperty("kernel", kernel.name());
        json.writeEndObject();
        json.writeStringProperty("className", "io.janklab.Scenario");
        json.writeNumberProperty("totalRunTimeNs", kernel.virtualNs());
        json.writeObjectPropertyStart("metrics");
        frameCount(kernel);
        timeToInitialDisplay(kernel);
        json.writeEndObject();
        json.writeObjectPropertyStart("sampledMetrics");
        sampled("frameDurationCpuMs", kernel, FrameTimes::durationNs);
        sampled("frameOverrunMs", kernel, FrameTimes::overrunNs);
        json.writeEndObject();
        json.writeNumberProperty("warmupIterations", 0);
        json.writeNumberProperty("repeatIterations", kernel.runs().size());
        json.writeNumberProperty("thermalThrottleSleepSeconds", 0);
        json.writeArrayPropertyStart("profilerOutputs");
        profilerOutput(traces.get(kernel.name()));
        json.writeEndArray();
        json.writeEndObject();
    }

    private void frameCount(KernelResult kernel) {
        long[] counts = kernel.measurements().stream().mapToLong(run -> run.frames().count()).sorted().toArray();
        json.writeObjectPropertyStart("frameCount");
        json.writeNumberProperty("minimum", (double) counts[0]);
        json.writeNumberProperty("maximum", (double) counts[counts.length - 1]);
        json.writeNumberProperty("median", Percentiles.at(counts, MEDIAN));
        json.writeArrayPropertyStart("runs");
        kernel.measurements().forEach(run -> json.writeNumber((double) run.frames().count()));
        json.writeEndArray();
        json.writeEndObject();
    }

    /// StartupTimingMetric's, of a scenario that measures it.
    private void timeToInitialDisplay(KernelResult kernel) {
        List<Double> runs = kernel.runs().stream()
                .flatMap(run -> run.quantities().stream().filter(quantity -> quantity.name().equals(INITIAL_DISPLAY)))
                .map(Quantity::value)
                .filter(value -> !value.isNaN())
                .toList();
        if (runs.isEmpty()) {
            return;
        }
        double[] sorted = runs.stream().mapToDouble(value -> value).sorted().toArray();
        json.writeObjectPropertyStart("timeToInitialDisplayMs");
        json.writeNumberProperty("minimum", sorted[0]);
        json.writeNumberProperty("maximum", sorted[sorted.length - 1]);
        json.writeNumberProperty("median", (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2);
        json.writeArrayPropertyStart("runs");
        runs.forEach(json::writeNumber);
        json.writeEndArray();
        json.writeEndObject();
    }

    private void sampled(String name, KernelResult kernel, Function<FrameTimes, long[]> values) {
        if (kernel.frames().count() == 0) {
            return;
        }
        Percentiles percentiles = Percentiles.ofNs(values.apply(kernel.frames()));
        json.writeObjectPropertyStart(name);
        json.writeNumberProperty("P50", percentiles.p50());
        json.writeNumberProperty("P90", percentiles.p90());
        json.writeNumberProperty("P95", percentiles.p95());
        json.writeNumberProperty("P99", percentiles.p99());
        json.writeArrayPropertyStart("runs");
        List<RunMeasurement> runs = kernel.measurements();
        runs.forEach(run -> json.writePOJO(Arrays.stream(values.apply(run.frames())).mapToDouble(ns -> ns / NS_PER_MS).toArray()));
        json.writeEndArray();
        json.writeEndObject();
    }

    private void profilerOutput(@Nullable String trace) {
        if (trace != null) {
            json.writeStartObject();
            json.writeStringProperty("type", "PerfettoTrace");
            json.writeStringProperty("label", "Trace");
            json.writeStringProperty("filename", trace);
            json.writeEndObject();
        }
    }
}
