package io.janklab.dashboards.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.dashboards.Samples;
import io.janklab.dashboards.TraceScript;
import io.janklab.dashboards.measure.RunRecorder;
import io.janklab.dashboards.measure.result.RunMeasurement;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Statistic;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class RunMetricsTest {
    private static final Pattern SAMPLE = Pattern.compile("[a-z_]+(\\{([a-z_]+=\"[^\"]*\",?)*\\})? -?[0-9.eE+-]+|[a-z_]+\\{.*\\} NaN");

    private static final Pattern CODE = Pattern.compile("`(\\w+)`");
    private static final Set<String> OF_EVERY_SERIES = Set.of("run", "kernel", "seed");

    private final RunRecorder recorder = new RunRecorder(TraceScript.APP);
    private final RunMetrics metrics = new RunMetrics(recorder, () -> 2_500_000_000L, new RunTags("scroll", "6.12", 1));
    private final RunMeasurement run = Samples.play(recorder, 1, 300, true);

    private double value(String name, Statistic statistic, String... tags) {
        for (Meter meter : metrics.registry().get(name).tags(tags).meters()) {
            for (var measurement : meter.measure()) {
                if (measurement.getStatistic() == statistic) {
                    return measurement.getValue();
                }
            }
        }
        throw new AssertionError(name + " has no " + statistic);
    }

    @Test
    void metersAgreeWithTheMeasurement() {
        assertThat(value("frame.duration", Statistic.COUNT)).isEqualTo(run.frames().count());
        assertThat(value("frames", Statistic.COUNT, "janky", "true")).isEqualTo(run.frames().janky());
        assertThat(value("madvise", Statistic.COUNT, "path", "mmap_read")).isEqualTo(run.madvise().mmapLock());
        assertThat(value("page.fault", Statistic.COUNT, "path", "mmap_lock", "kind", "anonymous")).isEqualTo(run.faults().mmapLock());
        double inverted = 0;
        for (Meter meter : metrics.registry().get("lock.inversion").tags("task", "UI").meters()) {
            for (var measurement : meter.measure()) {
                inverted += measurement.getStatistic() == Statistic.TOTAL_TIME ? measurement.getValue() : 0;
            }
        }
        assertThat(Math.round(inverted * 1e9)).isEqualTo(run.inversion().uiNs());
    }

    @Test
    void clockIsVirtual() {
        assertThat(metrics.registry().config().clock().wallTime()).isEqualTo(2_500);
        assertThat(metrics.registry().config().clock().monotonicTime()).isEqualTo(2_500_000_000L);
    }

    @Test
    void metersAppearWhetherTheRunHasBegunOrNot() {
        RunRecorder late = new RunRecorder(TraceScript.APP);
        Samples.play(late, 1, 300, true);

        assertThat(names(new RunMetrics(late, () -> 0, new RunTags("scroll", "6.12", 1)))).isEqualTo(names(metrics));
    }

    @Test
    void tableOfMetersIsComplete() throws IOException {
        Set<String> documented = Files.readAllLines(Path.of("METRICS.md")).stream()
                .filter(RunMetricsTest::isOfARun)
                .map(line -> line.split("`")[1])
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(names(metrics)).isEqualTo(documented);
    }

    @Test
    void tableTellsTypeUnitAndTagsOfEveryMeter() throws IOException {
        Set<String> documented = Files.readAllLines(Path.of("METRICS.md")).stream()
                .filter(RunMetricsTest::isOfARun)
                .map(line -> line.split("\\s*\\|\\s*"))
                .map(row -> row(row[1].replace("`", ""), row[2].replace(", with buckets", ""), row[3],
                CODE.matcher(row[4]).results().map(code -> code.group(1)).toList()))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> registered = metrics.registry().getMeters().stream()
                .map(meter -> row(meter.getId().getName(), type(meter), unit(meter), tagsOf(meter)))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(registered).isEqualTo(documented);
    }

    /// The others are the live page's.
    private static boolean isOfARun(String line) {
        return line.startsWith("| `") && !line.startsWith("| `janklab.");
    }

    private static String row(String name, String type, String unit, List<String> tags) {
        return name + ", " + type + ", " + unit + ", " + tags.stream().sorted().toList();
    }

    private static String type(Meter meter) {
        return switch (meter) {
            case FunctionTimer timer -> "function timer";
            case Timer timer -> "timer";
            case Counter counter -> "counter";
            case Gauge gauge -> "gauge";
            default -> meter.getClass().getSimpleName();
        };
    }

    private static String unit(Meter meter) {
        return meter.getId().getBaseUnit() == null ? "" : meter.getId().getBaseUnit();
    }

    private static List<String> tagsOf(Meter meter) {
        return meter.getId().getTags().stream().map(Tag::getKey).filter(key -> !OF_EVERY_SERIES.contains(key)).toList();
    }

    private static Set<String> names(RunMetrics metrics) {
        return metrics.registry().getMeters().stream().map(meter -> meter.getId().getName()).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void textOfSeveralRunsNamesEachMetricOnce() throws IOException {
        RunRecorder other = new RunRecorder(TraceScript.APP);
        RunMetrics otherMetrics = new RunMetrics(other, () -> 0, new RunTags("scroll", "6.17", 1));
        Samples.play(other, 1, 300, false);
        String text = text(List.of(metrics.scrape(), otherMetrics.scrape()));

        assertThat(text.lines().filter(line -> line.startsWith("# TYPE"))).doesNotHaveDuplicates();
        assertThat(text).contains("frames_total{janky=\"true\",kernel=\"6.12\",run=\"scroll\",seed=\"1\"}", "kernel=\"6.17\"");
        assertThat(text.lines().filter(line -> !line.startsWith("#"))).isNotEmpty().allMatch(SAMPLE.asMatchPredicate());
    }

    @Test
    void labelValuesAreEscaped() throws IOException {
        RunMetrics hostile = new RunMetrics(new RunRecorder(TraceScript.APP), () -> 0, new RunTags("scroll", "a\"b\\c\nd", 1));

        assertThat(text(List.of(hostile.scrape()))).contains("kernel=\"a\\\"b\\\\c\\nd\"");
    }

    private static String text(List<MetricSnapshots> runs) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        MetricsText.write(runs, out);
        return out.toString(StandardCharsets.UTF_8);
    }
}
