package io.janklab.dashboards.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.dashboards.Samples;
import io.janklab.dashboards.TraceScript;
import io.janklab.dashboards.measure.RunRecorder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OpenMetricsHistoryTest {
    @Test
    void everyFamilyIsToldOnceAndEverySeriesWithItsTimesTogether() throws IOException {
        OpenMetricsHistory history = new OpenMetricsHistory(1_000_000);
        for (String kernel : List.of("6.12", "6.17")) {
            RunRecorder recorder = new RunRecorder(TraceScript.APP);
            RunMetrics meters = new RunMetrics(recorder, () -> 0, new RunTags("test", kernel, 1));
            history.sample(0, meters.scrape());
            Samples.play(recorder, 1, 50, true);
            history.sample(100_000_000, meters.scrape());
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        history.write(out);
        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();

        assertThat(lines.stream().filter(line -> line.startsWith("# TYPE"))).doesNotHaveDuplicates();
        assertThat(lines).containsSubsequence(
                "frames_total{janky=\"false\",kernel=\"6.12\",run=\"test\",seed=\"1\"} 0.0 1000.000",
                "frames_total{janky=\"true\",kernel=\"6.12\",run=\"test\",seed=\"1\"} 0.0 1000.000");
        assertThat(lines.getLast()).isEqualTo("# EOF");
        assertThat(lines).anyMatch(line -> line.startsWith("frame_duration_seconds_count{kernel=\"6.17\"")
                && line.endsWith(" 50 1000.100"));
    }

    /// No series has more than 1,000 values.
    @ParameterizedTest
    @CsvSource({"1, 100", "20, 100", "100, 100", "101, 200", "3600, 3600"})
    void longRunsAreSampledMoreRarely(long seconds, long intervalMs) {
        assertThat(OpenMetricsHistory.intervalNs(seconds * 1_000_000_000)).isEqualTo(intervalMs * 1_000_000);
    }

    @Test
    void metronomeCallsBeforeTheEventThatPassesTheMoment() {
        List<Long> calls = new ArrayList<>();
        TraceScript trace = new TraceScript(new Metronome(100, calls::add));

        trace.at(0).counts("a", 1);
        trace.at(99).counts("a", 2);
        trace.at(250).counts("a", 3);

        assertThat(calls).containsExactly(0L, 100L, 200L);
    }
}
