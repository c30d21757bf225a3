package io.janklab.dashboards.report.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.dashboards.Samples;
import io.janklab.dashboards.compare.SeedFrame;
import io.janklab.dashboards.measure.result.Breakdown;
import io.janklab.dashboards.measure.result.FrameReport;
import io.janklab.dashboards.measure.result.Part;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class FrameTextTest {
    private static final long MS = 1_000_000;

    private static FrameReport frame(Breakdown breakdown, long lateStartNs) {
        return new FrameReport(1, 0, breakdown.totalNs(), 30 * MS, lateStartNs, -MS, 11 * MS, breakdown);
    }

    /// 36.6 ms for the collector were once in a tooltip alone, below text about lock waits under 45 µs.
    @Test
    void largestPartStandsFirstWithWhoAndWhere() {
        Breakdown breakdown = new Breakdown(
                Map.of(Part.OWN_WORK, 4 * MS, Part.GC_PAUSE, 36 * MS, Part.LOCK_WAIT, 45_000L),
                Map.of("UI waits for mmap_lock (write) held (read) by HeapTaskDaemon (nice 4), running",
                        new Breakdown.ChainShare(true, 45_000)),
                Map.of(),
                Map.of(),
                Map.of("suspended for a pause of the garbage collector", 36 * MS),
                Map.of("HeapTaskDaemon on CPU 4", 36 * MS),
                Map.of("UI on CPU 6", 4 * MS));

        assertThat(FrameText.sentence(frame(breakdown, 0)))
                .isEqualTo("36.00 ms suspended for a pause of the garbage collector (HeapTaskDaemon on CPU 4); "
                + "4.00 ms own work (UI on CPU 6); 45.0 µs waiting for locks (UI waits for mmap_lock (write) held (read) by "
                + "HeapTaskDaemon (nice 4), running)");
    }

    @Test
    void frameThatBeganLateSaysSo() {
        Breakdown breakdown = new Breakdown(Map.of(Part.OWN_WORK, 4 * MS), Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of());

        assertThat(FrameText.sentence(frame(breakdown, 20 * MS))).startsWith("20.00 ms started late");
    }

    @Test
    void everyPartOfEveryLateFrameIsNamed() {
        List<SeedFrame> late = Samples.experiment(2).kernels().getFirst().worstFrames();

        assertThat(late).isNotEmpty().allSatisfy(frame -> frame.frame().breakdown().parts().keySet()
                .forEach(part -> assertThat(FrameText.sentence(frame.frame())).contains(part.words())));
    }
}
