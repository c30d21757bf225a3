package io.janklab.dashboards.android;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.janklab.dashboards.Samples;
import io.janklab.dashboards.compare.Experiment;
import io.janklab.dashboards.compare.Percentiles;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Field names and types as in androidx `BenchmarkData.kt`.
final class BenchmarkDataTest {
    private static final BenchmarkDevice PHONE = new BenchmarkDevice("pixel-6", 8, 8L << 30);

    private static JsonNode written(Experiment experiment, Map<String, String> traces) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BenchmarkData.write(experiment, PHONE, traces, out);
        return JsonMapper.shared().readTree(out.toByteArray());
    }

    @Test
    void contextHasTheSchemasFields() {
        JsonNode context = written(Samples.experiment(2), Map.of()).get("context");

        assertThat(context.propertyNames())
                .containsExactly(
                        "build",
                        "cpuCoreCount",
                        "cpuLocked",
                        "cpuMaxFreqHz",
                        "memTotalBytes",
                        "sustainedPerformanceModeEnabled",
                        "artMainlineVersion",
                        "osCodenameAbbreviated",
                        "compilationMode",
                        "payload");
        assertThat(context.get("build").propertyNames()).containsExactly("brand", "device", "fingerprint", "id", "model",
                "type", "version");
        assertThat(context.get("build").get("version").propertyNames()).containsExactly("codename", "sdk");
        assertThat(context.get("memTotalBytes").asLong()).isEqualTo(8L << 30);
        assertThat(context.get("payload").values()).allMatch(JsonNode::isString);
    }

    @Test
    void startIsAMetricWhereTheScenarioMeasuresIt() {
        Experiment launch = Samples.ofQuantity("time to initial display", "ms");
        JsonNode metric = written(launch, Map.of()).at("/benchmarks/0/metrics/timeToInitialDisplayMs");

        assertThat(metric.propertyNames()).containsExactly("minimum", "maximum", "median", "runs");
        assertThat(metric.get("minimum").doubleValue()).isEqualTo(100);
        assertThat(metric.get("median").doubleValue()).isEqualTo(101);
        assertThat(metric.get("runs")).hasSize(2);
        assertThat(written(Samples.experiment(2), Map.of()).at("/benchmarks/0/metrics").has("timeToInitialDisplayMs")).isFalse();
    }

    @Test
    void benchmarkOfEveryKernelHasTheSchemasFields() {
        JsonNode benchmarks = written(Samples.experiment(2), Map.of()).get("benchmarks");

        assertThat(benchmarks).hasSize(2);
        for (JsonNode benchmark : benchmarks) {
            assertThat(benchmark.propertyNames())
                    .containsExactly(
                            "name",
                            "params",
                            "className",
                            "totalRunTimeNs",
                            "metrics",
                            "sampledMetrics",
                            "warmupIterations",
                            "repeatIterations",
                            "thermalThrottleSleepSeconds",
                            "profilerOutputs");
            assertThat(benchmark.get("metrics").get("frameCount").propertyNames()).containsExactly("minimum", "maximum", "median", "runs");
            assertThat(benchmark.get("sampledMetrics").propertyNames()).containsExactly("frameDurationCpuMs", "frameOverrunMs");
            assertThat(benchmark.get("sampledMetrics").get("frameOverrunMs").propertyNames())
                    .containsExactly("P50", "P90", "P95", "P99", "runs");
            assertThat(benchmark.get("repeatIterations").asInt()).isEqualTo(2);
        }
        assertThat(benchmarks.get(0).get("name").asString()).isEqualTo("scroll[kernel=6.12]");
    }

    @Test
    void percentilesAreThoseOfAllIterationsTogether() {
        Experiment experiment = Samples.experiment(3);
        JsonNode sampled = written(experiment, Map.of()).get("benchmarks").get(0).get("sampledMetrics").get("frameDurationCpuMs");

        Percentiles expected = Percentiles.ofNs(experiment.kernels().getFirst().frames().durationNs());
        assertThat(sampled.get("P50").asDouble()).isEqualTo(expected.p50());
        assertThat(sampled.get("P99").asDouble()).isEqualTo(expected.p99());
        assertThat(sampled.get("runs")).hasSize(3).allSatisfy(run -> assertThat(run).hasSize(300));
        long first = experiment.kernels().getFirst().measurements().getFirst().frames().durationNs()[0];
        assertThat(sampled.get("runs").get(0).get(0).asDouble()).isCloseTo(first / 1e6, within(1e-9));
    }

    @Test
    void perfettoTracesAreNamed() {
        JsonNode benchmarks = written(Samples.experiment(1), Map.of("6.17", "trace-6.17.perfetto-trace")).get("benchmarks");

        assertThat(benchmarks.get(0).get("profilerOutputs")).isEmpty();
        JsonNode output = benchmarks.get(1).get("profilerOutputs").get(0);
        assertThat(output.get("type").asString()).isEqualTo("PerfettoTrace");
        assertThat(output.get("filename").asString()).isEqualTo("trace-6.17.perfetto-trace");
    }

    @Test
    void noFramesAreNoMetrics() {
        JsonNode benchmark = written(Samples.withoutFrames(), Map.of()).get("benchmarks").get(0);

        assertThat(benchmark.get("sampledMetrics")).isEmpty();
        assertThat(benchmark.get("metrics").get("frameCount").get("median").asDouble()).isZero();
    }
}
