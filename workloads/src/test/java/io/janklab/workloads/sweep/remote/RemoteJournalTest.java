package io.janklab.workloads.sweep.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.sweep.Journal;
import io.janklab.workloads.sweep.JournalEntry;
import io.janklab.workloads.sweep.SweepDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RemoteJournalTest {
    private static final int SEEDS = 3_000;
    private static final SweepDefinition SWEEP = new SweepDefinition(
            List.of(), "grid", List.of("6.17"), List.of("pixel-6"), List.of("scroll"), LongStream.rangeClosed(1, SEEDS).boxed().toList(),
                    Map.of(), null, Map.of());

    @TempDir
    Path folder;

    private final MemoryFolder remote = new MemoryFolder();
    private Path here;

    @BeforeEach
    void aFolderOfThisHost() throws IOException {
        here = Files.createDirectory(folder.resolve("here")).resolve(Journal.NAME);
    }

    private static JournalEntry run(long seed) {
        return new JournalEntry(0, seed, "00000000000000ff", Map.of("ms", seed / 7.0), null, 1);
    }

    /// The journal that another host makes of the remote files.
    private Path fetched() throws IOException {
        Path there = Files.createTempDirectory(folder, "there").resolve(Journal.NAME);
        assertThat(new RemoteJournal(remote, there).fetch()).isEmpty();
        return there;
    }

    private void add(Journal journal, int from, int to) {
        for (int seed = from; seed <= to; seed++) {
            journal.add(run(seed));
        }
    }

    @Test
    void aSweepThatIsGivenUpGoesOnElsewhere() throws IOException {
        try (Journal journal = Journal.begin(here, SWEEP, false); RemoteJournal following = new RemoteJournal(remote, here)) {
            following.follow(journal, true);
            add(journal, 1, 1_000);
        }
        Path there = fetched();
        assertThat(there).hasSameBinaryContentAs(here);

        try (Journal journal = Journal.resume(there); RemoteJournal following = new RemoteJournal(remote, there)) {
            following.follow(journal, false);
            add(journal, 1_001, 1_100);
            following.unite();
        }
        assertThat(remote.names()).containsExactly(Journal.NAME);
        assertThat(there).hasBinaryContent(remote.bytes(Journal.NAME));
        assertThat(fetched()).hasSameBinaryContentAs(there);
    }

    @Test
    void partsAreMadeIntoLargerOnesBeforeTheyAreMany() throws IOException {
        try (Journal journal = Journal.begin(here, SWEEP, false); RemoteJournal following = new RemoteJournal(remote, here)) {
            following.follow(journal, true);
            for (int seed = 1; seed <= SEEDS; seed++) {
                int before = remote.puts();
                journal.add(run(seed));
                while (remote.puts() == before) {
                    Thread.onSpinWait();
                }
            }
        }
        assertThat(remote.mostFiles()).isLessThanOrEqualTo(3 * JournalParts.MOST);
        assertThat(fetched()).hasSameBinaryContentAs(here);
    }

    @Test
    void aPartThatBreaksOffCountsAsFarAsItGoesAndEndsTheSweepInASentence() throws IOException {
        for (int bytes : new int[] {0, 1, 200, 900, 5_000}) {
            remote.breakAfter(-1);
            Path file = Files.createTempDirectory(folder, "broken").resolve(Journal.NAME);
            try (Journal journal = Journal.begin(file, SWEEP, false)) {
                RemoteJournal following = new RemoteJournal(remote, file);
                following.follow(journal, true);
                add(journal, 1, 10);
                following.close();
                Files.writeString(file.resolveSibling("saved"), Files.readString(file));
                RemoteJournal goingOn = new RemoteJournal(remote, file);
                goingOn.follow(journal, false);
                remote.breakAfter(bytes);
                assertThatThrownBy(() -> {
                    add(journal, 11, SEEDS);
                    goingOn.close();
                }).isInstanceOf(BadInput.class).hasMessageStartingWith("--out memory:/sweep cannot be written (broken off)");
            }
            assertThat(Files.readString(fetched())).startsWith(Files.readString(file.resolveSibling("saved")));
        }
    }

    @Test
    void whatIsThereIsGoneWhenAnotherSweepIsBegun() throws IOException {
        for (int sweep = 0; sweep < 2; sweep++) {
            try (Journal journal = Journal.begin(here, SWEEP, true); RemoteJournal following = new RemoteJournal(remote, here)) {
                following.follow(journal, true);
                add(journal, 1 + sweep, 3);
            }
        }
        assertThat(fetched()).hasSameBinaryContentAs(here);
    }
}
