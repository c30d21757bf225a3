package io.janklab.workloads.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SweepTableTest {
    private static final List<SweepPoint> POINTS = List.of(
            new SweepPoint("pixel-6", "scroll", "6.12", Map.of("a", "1")),
            new SweepPoint("pixel-6", "scroll", "6.17", Map.of("a", "1")));
    /// Seeds differ much from each other, and on 6.17 each by 1 or 2.
    private static final List<JournalEntry> ENTRIES = List.of(run(0, 1, 10), run(0, 2, 100), run(0, 3, 1_000), run(1, 1, 9), run(1, 2, 98), run(1, 3, 999));

    private static JournalEntry run(int point, long seed, double ms) {
        return new JournalEntry(point, seed, "0000000000000000", Map.of("ms", ms));
    }

    @Test
    void kernelsAreComparedSeedBySeed() {
        SweepTable table = SweepTable.of(POINTS, ENTRIES);

        assertThat(table.mean(0, "ms").value()).isEqualTo(370);
        assertThat(table.mean(0, "ms").margin()).isGreaterThan(1_000);
        assertThat(table.difference(1, "ms").value()).isCloseTo(-4 / 3.0, within(1e-9));
        assertThat(table.difference(1, "ms").margin()).isLessThan(2);
        assertThat(table.difference(0, "ms").value()).isNaN();
    }

    @Test
    void orderInWhichRunsEndedDoesNotMatter() {
        List<JournalEntry> shuffled = new ArrayList<>(ENTRIES);
        Collections.reverse(shuffled);

        assertThat(SweepTable.of(POINTS, shuffled)).isEqualTo(SweepTable.of(POINTS, ENTRIES));
    }

    @Test
    void runThatIsMissingOnOneKernelIsComparedWithNothing() {
        SweepTable table = SweepTable.of(POINTS, ENTRIES.subList(0, 5));

        assertThat(table.difference(1, "ms").value()).isEqualTo(-1.5);
    }
}
