package io.janklab.workloads.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SweepTableTest {
    private static final SweepPlan PLAN = SmallSweep.of(List.of("heap.decayMs=0"), 3);
    /// Seeds differ much from each other, and on 6.17 each by 1 or 2.
    private static final List<JournalEntry> ENTRIES = List.of(run(0, 1, 10), run(0, 2, 100), run(0, 3, 1_000), run(1, 1, 9), run(1, 2, 98),
            run(1, 3, 999));

    private static JournalEntry run(int point, long seed, double ms) {
        return new JournalEntry(point, seed, "0000000000000000", Map.of("ms", ms), null, 1);
    }

    private static SweepTable table(List<JournalEntry> entries) {
        MemoryLog log = new MemoryLog(PLAN.definition());
        entries.forEach(log::add);
        return new SweepTable(PLAN, log);
    }

    @Test
    void kernelsAreComparedSeedBySeed() {
        SweepTable table = table(ENTRIES);

        assertThat(table.row(0).mean("ms").value()).isEqualTo(370);
        assertThat(table.row(0).mean("ms").margin()).isGreaterThan(1_000);
        assertThat(table.row(1).difference("ms").value()).isCloseTo(-4 / 3.0, within(1e-9));
        assertThat(table.row(1).difference("ms").margin()).isLessThan(2);
        assertThat(table.row(0).difference("ms").value()).isNaN();
    }

    @Test
    void orderInWhichRunsEndedDoesNotMatter() {
        List<JournalEntry> shuffled = new ArrayList<>(ENTRIES);
        Collections.reverse(shuffled);

        assertThat(table(shuffled).row(1)).isEqualTo(table(ENTRIES).row(1));
        assertThat(table(shuffled).metrics()).isEqualTo(table(ENTRIES).metrics());
    }

    @Test
    void runThatIsMissingOnOneKernelIsComparedWithNothing() {
        assertThat(table(ENTRIES.subList(0, 5)).row(1).difference("ms").value()).isEqualTo(-1.5);
    }

    @Test
    void runThatFailedIsCountedAndNoPartOfAnyMean() {
        List<JournalEntry> entries = new ArrayList<>(ENTRIES.subList(0, 5));
        entries.add(JournalEntry.failed(new RunKey(1, 3), new Failure(Failure.Kind.TIME, "It took too long."), 7));
        SweepTable.Row row = table(entries).row(1);

        assertThat(row.difference("ms").value()).isEqualTo(-1.5);
        assertThat(row.runs()).isEqualTo(2);
        assertThat(row.failed()).isEqualTo(1);
    }
}
