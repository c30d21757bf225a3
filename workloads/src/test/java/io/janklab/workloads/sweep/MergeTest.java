package io.janklab.workloads.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.janklab.workloads.input.BadInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MergeTest {
    private static final SweepDefinition SWEEP = SmallSweep.of(List.of("heap.decayMs=0,1000"), 2).definition();

    @TempDir
    Path folder;

    private static JournalEntry run(int point, long seed, String digest) {
        return new JournalEntry(point, seed, digest, Map.of("ms", 1.5), null, 0.25);
    }

    private static JournalEntry failed(int point, long seed) {
        return JournalEntry.failed(new RunKey(point, seed), new Failure(Failure.Kind.MEMORY, "The heap was used up."), 3);
    }

    private Path journal(String name, SweepDefinition definition, JournalEntry... entries) throws IOException {
        Path in = Files.createDirectories(folder.resolve(name));
        try (Journal journal = Journal.begin(in.resolve("journal.jsonl"), definition, false)) {
            List.of(entries).forEach(journal::add);
        }
        return in;
    }

    private Journal united(Merge merge) throws IOException {
        Path file = folder.resolve("united.jsonl");
        merge.write(file);
        return Journal.resume(file);
    }

    @Test
    void everyRunIsThereOnceInTheOrderOfTheSweep() throws IOException {
        Path a = journal("a", SWEEP, run(3, 2, "000000000000000a"), run(0, 1, "000000000000000b"));
        Path b = journal("b", SWEEP, run(1, 1, "000000000000000c"), run(0, 1, "000000000000000b"));

        Merge merge = Merge.of(List.of(a, b));

        assertThat(merge.twice()).isEqualTo(1);
        assertThat(merge.findings()).isEmpty();
        try (Journal journal = united(merge)) {
            assertThat(journal.index().ended()).isEqualTo(3);
            assertThat(Files.readAllLines(folder.resolve("united.jsonl"))).satisfiesExactly(
                    line -> assertThat(line).contains("kernels"), line -> assertThat(line).startsWith("{\"point\":0,\"seed\":1,"),
                    line -> assertThat(line).startsWith("{\"point\":1,"), line -> assertThat(line).startsWith("{\"point\":3,"));
        }
    }

    @Test
    void runThatCameToDifferentEndsIsAFindingAndIsLeftOut() throws IOException {
        Path a = journal("a", SWEEP, run(0, 1, "000000000000000a"), run(0, 2, "000000000000000a"));
        Path b = journal("b", SWEEP, run(0, 1, "000000000000000b"));

        Merge merge = Merge.of(List.of(a, b));

        assertThat(merge.findings()).containsExactly("point 0, seed 1: digest 000000000000000a in " + a.resolve("journal.jsonl")
                + ", and 000000000000000b in "
                + b.resolve("journal.jsonl"));
        try (Journal journal = united(merge)) {
            assertThat(journal.index().ended()).isEqualTo(1);
        }
    }

    @Test
    void resultIsBetterThanAFailureWhicheverComesFirst() throws IOException {
        Path a = journal("a", SWEEP, failed(0, 1), run(0, 2, "000000000000000a"));
        Path b = journal("b", SWEEP, run(0, 1, "000000000000000b"), failed(0, 2));

        Merge merge = Merge.of(List.of(a, b));

        assertThat(merge.findings()).isEmpty();
        try (Journal journal = united(merge)) {
            assertThat(journal.index().ended()).isEqualTo(2);
            assertThat(journal.index().failed()).isZero();
        }
    }

    @Test
    void journalsOfDifferentSweepsAreNotUnited() throws IOException {
        Path a = journal("a", SWEEP, run(0, 1, "000000000000000a"));
        Path b = journal("b", SmallSweep.of(List.of("heap.decayMs=0,500"), 2).definition());

        assertThatThrownBy(() -> Merge.of(List.of(a, b))).isInstanceOf(BadInput.class)
                .hasMessage(b.resolve("journal.jsonl") + ":1: this is the journal of another sweep than "
                + a.resolve("journal.jsonl") + " is.");
        assertThatThrownBy(() -> Merge.of(List.of(folder))).hasMessage("there is no sweep's journal in " + folder + ".");
    }
}
