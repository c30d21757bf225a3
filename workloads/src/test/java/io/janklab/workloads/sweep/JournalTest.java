package io.janklab.workloads.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.janklab.workloads.input.BadInput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JournalTest {
    /// Two kernels times two decay times, times two seeds.
    private static final SweepDefinition SWEEP = new SweepDefinition(
            List.of("heap.decayMs=0,1000"), "grid", List.of("6.12", "6.17"), List.of("pixel-6"), List.of("scroll"), List.of(1L, 2L),
                    Map.of(), null, Map.of());
    private static final long FUZZ_SEED = 22;

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void aJournalOfThreeRuns() {
        file = folder.resolve("journal.jsonl");
        write(SWEEP, run(0, 1, 1.5), run(1, 1, 2.5), run(3, 2, -4));
    }

    /// For arbitrary runs.
    private void write(SweepDefinition definition, JournalEntry... entries) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        lines.writeBytes(JournalLine.definition(definition));
        List.of(entries).forEach(entry -> lines.writeBytes(JournalLine.of(definition).entry(entry)));
        try {
            Files.write(file, lines.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JournalEntry run(int point, long seed, double ms) {
        return new JournalEntry(point, seed, "00000000000000ff", Map.of("UI inversion ms", ms), null, 0.5);
    }

    private List<JournalEntry> resumed() {
        try (Journal journal = Journal.resume(file)) {
            assertThat(journal.definition()).isEqualTo(SWEEP);
            return entries(journal);
        }
    }

    private static List<JournalEntry> entries(Journal journal) {
        return IntStream.range(0, journal.index().runs()).filter(journal.index()::has).mapToObj(journal::read).toList();
    }

    private List<String> lines() throws IOException {
        return new ArrayList<>(Files.readAllLines(file));
    }

    private void rewrite(List<String> lines) throws IOException {
        Files.write(file, lines);
    }

    @Test
    void whatWasWrittenIsRead() {
        assertThat(resumed()).containsExactly(run(0, 1, 1.5), run(1, 1, 2.5), run(3, 2, -4));
    }

    @Test
    void lineThatWasNeverFinishedIsDroppedAndTheNextTakesItsPlace() throws IOException {
        String last = lines().getLast();
        Files.writeString(file, last.substring(0, 30), StandardOpenOption.APPEND);

        try (Journal journal = Journal.resume(file)) {
            assertThat(journal.isTorn()).isTrue();
            journal.add(run(2, 1, 7));
        }
        assertThat(resumed()).containsExactly(run(0, 1, 1.5), run(1, 1, 2.5), run(2, 1, 7), run(3, 2, -4));
    }

    @Test
    void sameLineTwiceIsOneRun() throws IOException {
        List<String> lines = lines();
        lines.add(lines.get(2));
        rewrite(lines);

        assertThat(resumed()).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "null", "{}", "[]", "7", "", " ", "\"text\"", "{\"point\":0}",
                "{\"point\":null,\"seed\":null,\"digest\":null,\"metrics\":null,\"crc32c\":\"00000000\"}",
        "{\"point\":0,\"seed\":1,\"digest\":\"00000000000000ff\",\"metrics\":{},\"crc32c\":\"00000000\"}",
        "{\"point\":\"0\",\"seed\":1.5,\"digest\":\"00000000000000ff\",\"metrics\":{\"a\":null},\"crc32c\":\"00000000\"}"
    })
    void wrongLineIsRefusedWithItsNumberAndTheFileStaysAsItIs(String wrong) throws IOException {
        List<String> lines = lines();
        lines.set(2, wrong);
        rewrite(lines);
        Files.writeString(file, "{\"torn", StandardOpenOption.APPEND);
        byte[] before = Files.readAllBytes(file);

        assertThatThrownBy(this::resumed).isInstanceOf(BadInput.class).hasMessageStartingWith(file + ":3: this ").hasMessageEndingWith(".");
        assertThat(file).hasBinaryContent(before);
    }

    @Test
    void changedFigureIsRefused() throws IOException {
        List<String> lines = lines();
        lines.set(1, lines.get(1).replace("1.5", "1.6"));
        rewrite(lines);

        assertThatThrownBy(this::resumed).hasMessageContaining(":2: this line was changed after it had been written");
    }

    @Test
    void lineOfAnotherSweepIsRefused() throws IOException {
        List<String> lines = lines();
        SweepDefinition definition = new SweepDefinition(SWEEP.vary(), "grid", SWEEP.kernels(), List.of("desktop-x86"),
                SWEEP.scenarios(), SWEEP.seeds(), Map.of(), null, Map.of());
        write(definition, run(2, 2, 1));
        lines.add(lines().get(1));
        rewrite(lines);

        assertThatThrownBy(this::resumed).hasMessageContaining(":5: ").hasMessageContaining("belongs to another sweep");
    }

    @Test
    void runThatTheSweepDoesNotHaveIsRefused() {
        write(SWEEP, run(0, 1, 1), run(4, 1, 1));
        assertThatThrownBy(this::resumed).hasMessageEndingWith(":3: this sweep has points 0 to 3, not 4.");

        write(SWEEP, run(0, 3, 1));
        assertThatThrownBy(this::resumed).hasMessageEndingWith(":2: this sweep does not run seed 3.");

        write(SWEEP, run(0, 1, 1), run(0, 1, 2));
        assertThatThrownBy(this::resumed).hasMessageEndingWith(":3: point 0, seed 1 is here twice, with different results.");
    }

    @Test
    void journalIsWrittenByOneCommandAtATime() {
        try (Journal journal = Journal.resume(file)) {
            assertThatThrownBy(() -> Journal.resume(file)).isInstanceOf(BadInput.class)
                    .hasMessage(file + " is being written by another command.");
            assertThatThrownBy(() -> Journal.begin(file, SWEEP, true)).isInstanceOf(BadInput.class);
            journal.add(run(2, 2, 1));
        }
        assertThat(resumed()).hasSize(4);
    }

    @Test
    void whatIsNoJournalStaysAsItIs() throws IOException {
        Files.writeString(file, "mine");

        assertThatThrownBy(() -> Journal.resume(file)).hasMessage(file + ":1: this is not a sweep's journal: its first line is missing.");
        assertThatThrownBy(() -> Journal.begin(file, SWEEP, false)).isInstanceOf(BadInput.class);
        assertThat(file).hasContent("mine");
        assertThatThrownBy(() -> Journal.resume(folder)).isInstanceOf(BadInput.class);
    }

    /// Whatever happens to its bytes, a journal yields runs that were written to it, or is refused in a sentence.
    @Test
    void damagedJournalNeverGivesOtherRuns() throws IOException {
        byte[] whole = Files.readAllBytes(file);
        List<JournalEntry> written = resumed();
        int refused = 0;
        int count = Integer.getInteger("janklab.fuzz", 1_000);
        SplittableRandom random = new SplittableRandom(FUZZ_SEED);
        for (int i = 0; i < count; i++) {
            byte[] damaged = damaged(whole, random);
            Files.write(file, damaged);
            BadInput refusal = catchThrowableOfType(BadInput.class, () -> assertThat(written).containsAll(resumed()));
            if (refusal != null) {
                refused++;
                assertThat(refusal.getMessage()).as("case %d of seed %d", i, FUZZ_SEED).startsWith(file + ":").endsWith(".")
                        .doesNotContainPattern("\\p{Cntrl}");
                assertThat(file).hasBinaryContent(damaged);
            }
        }
        assertThat(refused).isGreaterThan(count / 2);
    }

    private static byte[] damaged(byte[] whole, SplittableRandom random) {
        byte[] bytes = whole.clone();
        int at = random.nextInt(bytes.length);
        int other = random.nextInt(bytes.length);
        switch (random.nextInt(5)) {
            case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bytes[at] = (byte) random.nextInt(256);
            case 2 -> bytes = Arrays.copyOf(bytes, at);
            case 3 -> System.arraycopy(whole, Math.min(at, other), bytes, Math.max(at, other), bytes.length - Math.max(at, other));
            default -> {
                String text = new String(whole, StandardCharsets.UTF_8);
                bytes = (text.substring(0, Math.min(at, other)) + text.substring(Math.max(at, other))).getBytes(StandardCharsets.UTF_8);
            }
        }
        return bytes;
    }
}
