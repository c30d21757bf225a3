package io.janklab.dashboards.android;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.dashboards.Samples;
import io.janklab.dashboards.TraceScript;
import io.janklab.dashboards.compare.KernelResult;
import io.janklab.dashboards.compare.SeedRun;
import io.janklab.dashboards.measure.RunRecorder;
import io.janklab.dashboards.measure.result.RunMeasurement;
import io.janklab.dashboards.perfetto.TraceIds;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GfxInfoTest {
    private static final long MS = 1_000_000;
    private static final long INTERVAL = 10 * MS;
    private static final long SAMPLE_INTERVAL = 8_333_333;
    private static final String MARK = "---PROFILEDATA---";

    /// A dump of Android 12, as `adb shell dumpsys gfxinfo PACKAGE` prints it, with its figures taken out.
    private static final String LAYOUT = """
            Applications Graphics Acceleration Info:
            Uptime: # Realtime: #

            ** Graphics info for pid # [com.example.app] **

            Stats since: #ns
            Total frames rendered: #
            Janky frames: # (#.#%)
            Janky frames (legacy): # (#.#%)
            50th percentile: #ms
            90th percentile: #ms
            95th percentile: #ms
            99th percentile: #ms
            Number Missed Vsync: #
            Number High input latency: #
            Number Slow UI thread: #
            Number Slow bitmap uploads: #
            Number Slow issue draw commands: #
            Number Frame deadline missed: #
            Number Frame deadline missed (legacy): #
            HISTOGRAM: 5ms=# 6ms=# 7ms=# 8ms=# 9ms=# 10ms=# 11ms=# 12ms=# 13ms=# 14ms=# 15ms=# 16ms=# 17ms=# 18ms=# 19ms=# 20ms=# \
            21ms=# 22ms=# 23ms=# 24ms=# 25ms=# 26ms=# 27ms=# 28ms=# 29ms=# 30ms=# 31ms=# 32ms=# 34ms=# 36ms=# 38ms=# 40ms=# 42ms=# \
            44ms=# 46ms=# 48ms=# 53ms=# 57ms=# 61ms=# 65ms=# 69ms=# 73ms=# 77ms=# 81ms=# 85ms=# 89ms=# 93ms=# 97ms=# 101ms=# 105ms=# \
            109ms=# 113ms=# 117ms=# 121ms=# 125ms=# 129ms=# 133ms=#@SLOW@
            50th gpu percentile: #ms
            90th gpu percentile: #ms
            95th gpu percentile: #ms
            99th gpu percentile: #ms
            GPU HISTOGRAM: 1ms=# 2ms=# 3ms=# 4ms=# 5ms=# 6ms=# 7ms=# 8ms=# 9ms=# 10ms=# 11ms=# 12ms=# 13ms=# 14ms=# 15ms=# 16ms=# \
            17ms=# 18ms=# 19ms=# 20ms=# 21ms=# 22ms=# 23ms=# 24ms=# 25ms=# 4950ms=#

            Pipeline=Skia (OpenGL)
            """;

    private static Pattern layout() {
        StringBuilder slow = new StringBuilder();
        for (int ms = 150; ms <= 4950; ms += 50) {
            slow.append(" ").append(ms).append("ms=#");
        }
        String text = LAYOUT.replace("@SLOW@", slow);
        return Pattern.compile(Pattern.quote(text).replace("#", "\\E\\d+\\Q"));
    }

    @Test
    void layoutIsThatOfDumpsys() {
        assertThat(counts(twoRuns())).matches(layout());
    }

    private static String counts(String text) {
        return text.substring(0, text.indexOf("\n" + MARK));
    }

    /// As parsers of `dumpsys gfxinfo PACKAGE framestats` read it: between two marks a header and a line a frame, each ending in a comma.
    private static List<Map<String, Long>> frameStats(String text) {
        String[] parts = text.split(MARK + "\n", -1);
        assertThat(parts).hasSize(3);
        List<String> lines = parts[1].lines().toList();
        String[] names = lines.getFirst().split(",");
        assertThat(names).hasSize(23).startsWith("Flags", "FrameTimelineVsyncId", "IntendedVsync", "Vsync", "InputEventId");
        List<Map<String, Long>> frames = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            assertThat(line).endsWith(",");
            String[] values = line.split(",");
            assertThat(values).hasSameSizeAs(names);
            Map<String, Long> frame = new LinkedHashMap<>();
            for (int i = 0; i < names.length; i++) {
                frame.put(names[i], Long.parseLong(values[i]));
            }
            frames.add(frame);
        }
        return frames;
    }

    @Test
    void frameStatsAreTheLatestFramesWithTheirStagesInOrder() {
        List<Map<String, Long>> stats = frameStats(twoRuns());

        assertThat(stats).hasSize(Math.min(frames, FrameStats.KEPT));
        assertThat(stats).allSatisfy(frame -> {
            assertThat(frame.get("FrameInterval")).isEqualTo(SAMPLE_INTERVAL);
            assertThat(List.of(frame.get("IntendedVsync"), frame.get("Vsync"), frame.get("FrameStartTime"), frame.get("SyncStart"),
                    frame.get("IssueDrawCommandsStart"), frame.get("SwapBuffersCompleted"), frame.get("FrameCompleted"))).isSorted();
        });
    }

    private int frames;
    private int late;

    /// The gfxinfo of two runs.
    private String twoRuns() {
        List<SeedRun> runs = new ArrayList<>();
        List<ProfileData> counted = new ArrayList<>();
        for (long seed = 1; seed <= 2; seed++) {
            RunRecorder recorder = new RunRecorder(TraceScript.APP);
            JankTracker tracker = new JankTracker(SAMPLE_INTERVAL);
            recorder.observeStages(tracker::finishFrame);
            RunMeasurement run = Samples.play(recorder, seed, 300, true);
            frames += run.frames().count();
            late += run.frames().janky();
            runs.add(new SeedRun(seed, seed, run.endNs(), 1, run));
            counted.add(tracker.data());
        }
        return GfxInfo.text(new KernelResult("6.12", Map.of(), runs), counted, TraceScript.APP);
    }

    @Test
    void everyFrameIsInTheHistogramAndNoneIsJankyThatMetItsDeadline() {
        String text = twoRuns();

        assertThat(number(text, "Total frames rendered: ")).isEqualTo(frames);
        assertThat(histogramTotal(text, "\nHISTOGRAM:")).isEqualTo(frames);
        assertThat(histogramTotal(text, "GPU HISTOGRAM:")).isEqualTo(frames);
        assertThat(number(text, "Janky frames: ")).isPositive().isLessThanOrEqualTo(late);
        assertThat(number(text, "Number Frame deadline missed: ")).isEqualTo(number(text, "Janky frames: "));
    }

    @Test
    void appHasTheProcessIdThatAPerfettoTraceGivesIt() {
        KernelResult kernel = Samples.experiment(1).kernels().getFirst();
        String text = GfxInfo.text(kernel, List.of(new JankTracker(INTERVAL).data()), TraceScript.APP);

        assertThat(number(text, "** Graphics info for pid ")).isEqualTo(TraceIds.OFFSET + kernel.measurements().getFirst().appTgid());
    }

    private static int number(String text, String label) {
        Matcher number = Pattern.compile("\n" + Pattern.quote(label) + "(\\d+)").matcher(text);
        assertThat(number.find()).isTrue();
        return Integer.parseInt(number.group(1));
    }

    private static int histogramTotal(String text, String label) {
        String line = text.substring(text.indexOf(label) + label.length()).lines().findFirst().orElseThrow();
        return Pattern.compile("=(\\d+)").matcher(line).results().mapToInt(count -> Integer.parseInt(count.group(1))).sum();
    }

    @Test
    void noFramesAreNoFailure() {
        String text = GfxInfo.text(Samples.withoutFrames().kernels().getFirst(), List.of(new JankTracker(INTERVAL).data()),
                TraceScript.APP);

        assertThat(counts(text)).matches(layout()).contains("Janky frames: 0 (0.00%)", "50th percentile: 4950ms");
        assertThat(frameStats(text)).isEmpty();
    }

    /// Each time and the bucket hwui puts it in.
    @ParameterizedTest
    @CsvSource({"0, 5", "5, 5", "6, 6", "32, 32", "33, 32", "34, 34", "47, 46", "48, 48", "49, 48", "52, 53", "135, 133",
            "137, 150", "149, 150",
        "199, 150", "200, 200", "4999, 4950", "60000, 4950"})
    void bucketIsHwuis(long ms, int bucketMs) {
        FrameTimeHistogram histogram = new FrameTimeHistogram();
        histogram.add(ms * MS);

        assertThat(histogram.percentileMs(50)).isEqualTo(bucketMs);
    }

    @Test
    void percentileIsTheBucketOfTheFrameAtThatRank() {
        FrameTimeHistogram histogram = new FrameTimeHistogram();
        for (int ms = 6; ms <= 15; ms++) {
            histogram.add(ms * MS);
        }

        assertThat(histogram.percentileMs(50)).isEqualTo(11);
        assertThat(histogram.percentileMs(90)).isEqualTo(15);
    }

    private static FrameInfo frame(long vsync, long sync, long unblocked, long drawn, long completed) {
        return new FrameInfo(vsync, vsync, vsync + sync, vsync + unblocked, vsync + drawn, vsync + completed, vsync + 2 * INTERVAL);
    }

    @Test
    void lateFrameIsCountedUnderEachStageThatTookTooLong() {
        JankTracker tracker = new JankTracker(INTERVAL);

        tracker.finishFrame(frame(100 * MS, 6 * MS, 9 * MS, 20 * MS, 21 * MS));

        assertThat(tracker.data().dump())
                .contains("Janky frames: 1 (100.00%)", "Slow UI thread: 1", "Slow bitmap uploads: 1", "Slow issue draw commands: 1")
                .contains("Missed Vsync: 0", "High input latency: 0");
    }

    @Test
    void frameInTimeIsUnderNoHeadingHoweverSlowItsStages() {
        JankTracker tracker = new JankTracker(INTERVAL);

        tracker.finishFrame(frame(100 * MS, 9 * MS, 9 * MS, 9 * MS, 19 * MS));

        assertThat(tracker.data().dump()).contains("Janky frames: 0 (0.00%)", "Slow UI thread: 0");
    }

    @Test
    void frameQueuedBehindALateOneMayBeAnIntervalLaterAndCountsAsInputLatency() {
        JankTracker tracker = new JankTracker(INTERVAL);

        tracker.finishFrame(frame(100 * MS, 1 * MS, 2 * MS, 15 * MS, 35 * MS));
        tracker.finishFrame(frame(110 * MS, 1 * MS, 2 * MS, 5 * MS, 25 * MS));

        // By the new rule and by the legacy one: hwui counts both under one heading.
        assertThat(tracker.data().dump()).contains("Janky frames: 1 (50.00%)", "High input latency: 2");
    }
}
