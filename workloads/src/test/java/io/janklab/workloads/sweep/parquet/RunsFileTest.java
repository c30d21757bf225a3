package io.janklab.workloads.sweep.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hardwood.InputFile;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.RowReader;
import io.janklab.workloads.sweep.Failure;
import io.janklab.workloads.sweep.Journal;
import io.janklab.workloads.sweep.JournalEntry;
import io.janklab.workloads.sweep.RunKey;
import io.janklab.workloads.sweep.Shard;
import io.janklab.workloads.sweep.Sweep;
import io.janklab.workloads.sweep.SweepDefinition;
import io.janklab.workloads.sweep.SweepInputs;
import io.janklab.workloads.sweep.SweepPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The file is read back by a third-party reader.
final class RunsFileTest {
    private static final List<String> PIXEL = List.of("pixel-6");
    private static final List<String> SCROLL = List.of("scroll");
    private static final SweepDefinition SWEEP = new SweepDefinition(
            List.of("heap.decayMs=0,1000", "zygotePreload=a,b"), "grid", List.of("6.1", "6.17"), PIXEL, SCROLL, List.of(4L, 5L),
                    Map.of(), null,
            SweepInputs.fingerprints(PIXEL, SCROLL));

    @TempDir
    Path folder;

    private static JournalEntry run(int point, long seed, Map<String, Double> metrics) {
        return new JournalEntry(point, seed, "00000000000000ff", metrics, null, 1);
    }

    private Path file(JournalEntry... entries) throws IOException {
        Path file = Files.createTempDirectory(folder, "sweep").resolve(RunsFile.NAME);
        try (Journal journal = Journal.begin(file.resolveSibling(Journal.NAME), SWEEP, false)) {
            Arrays.stream(entries).forEach(journal::add);
            RunsFile.write(new Sweep(SweepPlan.of(SweepInputs.read(SWEEP)), journal, Shard.ALL).table(), file);
        }
        return file;
    }

    private static List<List<Object>> rows(Path file) throws IOException {
        List<List<Object>> rows = new ArrayList<>();
        try (ParquetFileReader parquet = ParquetFileReader.open(InputFile.of(file)); RowReader reader = parquet.rowReader()) {
            while (reader.hasNext()) {
                reader.next();
                List<Object> row = new ArrayList<>();
                for (int column = 0; column < parquet.getFileSchema().getColumnCount(); column++) {
                    row.add(reader.isNull(column) ? null : reader.getValue(column));
                }
                rows.add(row);
            }
        }
        return rows;
    }

    @Test
    void aRowForEachRunAndMetricInTheOrderOfTheSweep() throws IOException {
        Map<String, Double> two = new LinkedHashMap<>();
        two.put("janky frames %", 1.5);
        two.put("ms", 0.1);
        Path file = file(run(3, 5, Map.of("ms", -0.0)), run(0, 4, two));

        assertThat(rows(file)).containsExactly(
                Arrays.asList(0, "pixel-6", "scroll", "6.1", 0.0, "a", 4L, "janky frames %", 1.5, "00000000000000ff", null, null),
                Arrays.asList(0, "pixel-6", "scroll", "6.1", 0.0, "a", 4L, "ms", 0.1, "00000000000000ff", null, null),
                Arrays.asList(3, "pixel-6", "scroll", "6.17", 0.0, "b", 5L, "ms", -0.0, "00000000000000ff", null, null));
    }

    @Test
    void aRunThatFailedIsARowWithItsReason() throws IOException {
        Path file = file(JournalEntry.failed(new RunKey(5, 4), new Failure(Failure.Kind.MEMORY, "Größer als der Heap."), 7));

        assertThat(rows(file)).containsExactly(
                Arrays.asList(5, "pixel-6", "scroll", "6.17", 1_000.0, "a", 4L, null, null, null, "MEMORY", "Größer als der Heap."));
    }

    @Test
    void theFileFollowsFromTheRunsWhateverTheirOrder() throws IOException {
        JournalEntry one = run(1, 4, Map.of("ms", 3.0));
        JournalEntry other = run(2, 4, Map.of("other", 4.0));

        assertThat(file(one, other)).hasSameBinaryContentAs(file(other, one));
    }
}
