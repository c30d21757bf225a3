package io.janklab.workloads.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.janklab.workloads.cli.CommandLineRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One comparison in every format there is: the same figures as in `result.json`.
final class AllFormatsTest {
    private static final double NS = 1e9;

    @TempDir
    static Path folder;

    private static Path out;
    private static String printed;
    private static JsonNode kernels;

    @BeforeAll
    static void compare() throws IOException {
        out = folder.resolve("out");
        printed = CommandLineRun.ok(
                "compare", "--scenario", "gc-storm", "--seed", "3", "--duration", "800ms", "--no-bound", "--perfetto", "--off-cpu",
                        "--openmetrics",
                "--out", out.toString());
        kernels = JsonMapper.shared().readTree(out.resolve("result.json")).get("kernels");
    }

    private static String name(JsonNode kernel) {
        return kernel.get("name").asString();
    }

    private static int frames(JsonNode kernel) {
        return kernel.get("frames").get("count").asInt();
    }

    private static int janky(JsonNode kernel) {
        return kernel.get("frames").get("janky").asInt();
    }

    @Test
    void everyFileIsThereAndNamed() throws IOException {
        try (Stream<Path> files = Files.list(out)) {
            List<String> names = files.map(file -> file.getFileName().toString()).toList();
            assertThat(names)
                    .containsExactlyInAnyOrder(
                            "result.json", "metrics.txt", "report.html", "benchmarkData.json", "openmetrics.txt",
                            "gfxinfo-6.12.txt", "gfxinfo-6.17.txt", "offcpu-6.12.folded", "offcpu-6.17.folded",
                            "offcpu-6.12-app.folded", "offcpu-6.12-frames.folded", "offcpu-6.12-locks.folded",
                            "offcpu-6.17-app.folded", "offcpu-6.17-frames.folded", "offcpu-6.17-locks.folded",
                            "trace-6.12.perfetto-trace", "trace-6.17.perfetto-trace");
            names.forEach(name -> assertThat(printed).contains(name));
        }
    }

    @Test
    void prometheusText() throws IOException {
        agreesWithMeters(Files.readString(out.resolve("metrics.txt")));
    }

    @Test
    void openMetricsAtItsLastMoment() throws IOException {
        String text = Files.readString(out.resolve("openmetrics.txt"));

        assertThat(text).endsWith("# EOF\n");
        assertThat(text.lines().filter(line -> line.startsWith("# TYPE"))).doesNotHaveDuplicates();
        agreesWithMeters(text.replaceAll("(?m) [0-9.]+$", ""));
    }

    /// Of a series over time the last value counts.
    private static void agreesWithMeters(String text) {
        for (JsonNode kernel : kernels) {
            assertThat(sum(text, kernel, "frames_total", "")).isEqualTo(frames(kernel));
            assertThat(sum(text, kernel, "frames_total", "janky=\"true\"")).isEqualTo(janky(kernel));
            assertThat(sum(text, kernel, "frame_duration_seconds_count", "")).isEqualTo(frames(kernel));
            assertThat(sum(text, kernel, "madvise_seconds_count", "")).isEqualTo(kernel.get("madvise").get("calls").asInt());
            assertThat(sum(text, kernel, "lock_inversion_seconds_sum", "task=\"UI\""))
                    .isCloseTo(kernel.get("inversion").get("uiNs").asLong() / NS, within(1e-6));
            double waited = 0;
            for (JsonNode lock : kernel.get("locks")) {
                waited += lock.get("waitNs").get("total").asLong() / NS;
            }
            assertThat(sum(text, kernel, "lock_wait_seconds_sum", "")).isCloseTo(waited, within(1e-6));
        }
    }

    private static double sum(String text, JsonNode kernel, String metric, String tag) {
        Pattern sample = Pattern.compile("(?m)^(" + metric + "\\{[^\\n]*}) (\\S+)$");
        Map<String, Double> last = new LinkedHashMap<>();
        for (Matcher match = sample.matcher(text); match.find(); ) {
            if (match.group(1).contains("kernel=\"" + name(kernel) + "\"") && match.group(1).contains(tag)) {
                last.put(match.group(1), Double.parseDouble(match.group(2)));
            }
        }
        assertThat(last).isNotEmpty();
        return last.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    @Test
    void benchmarkData() throws IOException {
        JsonNode benchmarks = JsonMapper.shared().readTree(out.resolve("benchmarkData.json")).get("benchmarks");
        for (int i = 0; i < kernels.size(); i++) {
            JsonNode benchmark = benchmarks.get(i);
            assertThat(benchmark.get("metrics").get("frameCount").get("median").asInt()).isEqualTo(frames(kernels.get(i)));
            assertThat(benchmark.get("profilerOutputs").get(0).get("filename").asString())
                    .isEqualTo("trace-" + name(kernels.get(i)) + ".perfetto-trace");
            for (String metric : List.of("frameDurationCpuMs", "frameOverrunMs")) {
                for (String percentile : List.of("P50", "P90", "P95", "P99")) {
                    assertThat(benchmark.get("sampledMetrics").get(metric).get(percentile).asDouble())
                            .isCloseTo(kernels.get(i).get("frames").get(metric).get(percentile).asDouble(), within(1e-6));
                }
            }
        }
    }

    /// Its janky frames are fewer where hwui is lenient with those that queue behind a late one.
    @Test
    void gfxInfo() throws IOException {
        for (JsonNode kernel : kernels) {
            String text = Files.readString(out.resolve("gfxinfo-" + name(kernel) + ".txt"));
            assertThat(text).contains("\nTotal frames rendered: " + frames(kernel) + "\n");
            Matcher late = Pattern.compile("\nJanky frames: (\\d+)").matcher(text);
            assertThat(late.find()).isTrue();
            assertThat(Integer.parseInt(late.group(1))).isLessThanOrEqualTo(janky(kernel));
        }
    }

    /// hwui's order of time stamps, of the frames that `framestats` lists.
    @Test
    void frameStatsNameEachStageInItsOrder() throws IOException {
        List<String> order = List.of("IntendedVsync", "HandleInputStart", "AnimationStart", "PerformTraversalsStart", "DrawStart",
                "SyncQueued", "SyncStart", "IssueDrawCommandsStart", "SwapBuffers", "SwapBuffersCompleted");
        for (JsonNode kernel : kernels) {
            String text = Files.readString(out.resolve("gfxinfo-" + name(kernel) + ".txt"));
            List<String> lines = text.split("---PROFILEDATA---\n", -1)[1].lines().toList();
            List<String> names = List.of(lines.getFirst().split(","));
            assertThat(lines).hasSize(1 + Math.min(120, frames(kernel)));
            for (String line : lines.subList(1, lines.size())) {
                String[] values = line.split(",");
                assertThat(order.stream().map(column -> Long.parseLong(values[names.indexOf(column)]))).as(line).isSorted();
            }
        }
    }

    @Test
    void perfettoTrace() throws IOException {
        for (JsonNode kernel : kernels) {
            DecodedTrace trace = DecodedTrace.of(out.resolve("trace-" + name(kernel) + ".perfetto-trace"));
            assertThat(trace.overrunsNs.stream().filter(overrun -> overrun > 0)).hasSize(janky(kernel));
            long worst = trace.overrunsNs.stream().mapToLong(Long::longValue).max().orElseThrow();
            assertThat(worst / 1e6).isCloseTo(kernel.get("frames").get("frameOverrunMs").get("max").asDouble(), within(1e-6));
        }
    }

    /// What threads waited, slept and lacked a CPU adds up to what the task table says.
    @Test
    void foldedStacks() throws IOException {
        for (JsonNode kernel : kernels) {
            for (JsonNode task : kernel.get("tasks")) {
                if (task.get("tasks").asInt() == 1 && task.get("process").asString().equals("com.example.app")) {
                    double offCpu = task.get("runnableNs").asLong() + task.get("interruptibleNs")
                            .asLong() + task.get("uninterruptibleNs").asLong();
                    assertThat(foldedUs(name(kernel), task.get("task").asString())).isCloseTo(offCpu / 1e3, within(100.0));
                }
            }
        }
    }

    private static double foldedUs(String kernel, String task) throws IOException {
        return Files.readAllLines(out.resolve("offcpu-" + kernel + ".folded")).stream()
                .peek(line -> assertThat(line).matches("[^;]+(;[^;]+){2,3} \\d+"))
                .filter(line -> line.matches("com\\.example\\.app/" + Pattern.quote(task) + "[-_ #:.]?\\d*;.*"))
                .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    @Test
    void reportAndTerminal() throws IOException {
        String html = Files.readString(out.resolve("report.html"));
        for (JsonNode kernel : kernels) {
            for (String figure : figures(kernel)) {
                assertThat(html).contains(figure);
                assertThat(printed).contains(figure);
            }
        }
    }

    /// What people are shown of a kernel, in their words.
    private static List<String> figures(JsonNode kernel) {
        List<String> figures = new ArrayList<>(List.of(name(kernel)));
        for (String metric : List.of("frameDurationCpuMs", "frameOverrunMs")) {
            for (String percentile : List.of("P50", "P90", "P95", "P99", "max")) {
                figures.add(String.format(Locale.ROOT, "%.2f", kernel.get("frames").get(metric).get(percentile).asDouble()));
            }
        }
        figures.add(String.format(Locale.ROOT, "%,d", janky(kernel)));
        figures.add(String.format(Locale.ROOT, "%.2f", kernel.get("inversion").get("uiNs").asLong() / 1e6));
        figures.add(String.format(Locale.ROOT, "%,d", kernel.get("madvise").get("calls").asInt()));
        figures.add(String.format(Locale.ROOT, "%,d", kernel.get("madvise").get("vmaLock").asInt()));
        return figures;
    }
}
