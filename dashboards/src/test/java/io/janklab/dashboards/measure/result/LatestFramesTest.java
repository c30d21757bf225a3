package io.janklab.dashboards.measure.result;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class LatestFramesTest {
    private static List<WorstFrame> run(long... overruns) {
        Breakdown nothing = new Breakdown(Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of());
        return LongStream.of(overruns)
                .mapToObj(overrun -> new WorstFrame(new FrameReport(1, 0, 0, overrun, 0, 0, 0, nothing),
                new Timeline(0, 1, List.of(), List.of())))
                .toList();
    }

    private static List<Long> withTimeline(List<WorstFrame> run) {
        return run.stream().filter(frame -> frame.timeline() != null).map(frame -> frame.report().overrunNs()).toList();
    }

    @Test
    void onlyTheLatestOfAllRunsKeepTheirTimelines() {
        List<WorstFrame> first = run(90, 80, 70, 60, 50, 40);
        List<WorstFrame> second = run(85, 75, 65, 55, 45, 35);
        List<WorstFrame> third = run(100, 10);
        LatestFrames latest = new LatestFrames();

        latest.add(first);
        latest.add(second);
        assertThat(withTimeline(first)).containsExactly(90L, 80L, 70L, 60L, 50L);
        assertThat(withTimeline(second)).containsExactly(85L, 75L, 65L, 55L, 45L);
        latest.add(third);

        assertThat(withTimeline(second)).containsExactly(85L, 75L, 65L, 55L);
        assertThat(withTimeline(third)).containsExactly(100L);
        assertThat(third).extracting(WorstFrame::report).hasSize(2);
    }

    /// Each of the ten latest has its timeline.
    @Test
    void ofEqualsNoneForgets() {
        List<WorstFrame> first = run(9, 9, 9, 9, 9, 9, 9, 9, 9, 9);
        List<WorstFrame> second = run(9, 9);
        LatestFrames latest = new LatestFrames();
        latest.add(first);
        latest.add(second);

        assertThat(withTimeline(first)).hasSize(10);
        assertThat(withTimeline(second)).hasSize(2);
    }
}
