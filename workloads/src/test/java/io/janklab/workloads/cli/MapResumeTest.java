package io.janklab.workloads.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.workloads.map.MapJournal;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A map that was cut off is continued from its journal.
final class MapResumeTest {
    private static final List<String> QUESTION = List.of("map", "--x", "device=pixel-6,pixel-8", "--y", "mapChurn.ui.perS=12,400",
            "--seeds", "2", "--duration", "50ms", "--set", "warmUpS=0", "--metric", "inversion.uiNs");

    @TempDir
    Path folder;

    private Path whole;
    private Path cut;
    private Path journal;

    @BeforeEach
    void nameFolders() {
        whole = folder.resolve("whole");
        cut = folder.resolve("cut");
        journal = cut.resolve(MapJournal.NAME);
    }

    private static String[] with(List<String> arguments, String... more) {
        List<String> all = new ArrayList<>(arguments);
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    /// A journal as an interruption leaves it: its question, the first cells, and what was written of the next.
    private List<String> interrupted(int cells, String tail) throws IOException {
        Path inTheWay = Files.createDirectories(cut.resolve("map.json").resolve("folder"));
        assertThat(CommandLineRun.bad(with(QUESTION, "--force", "--out", cut.toString()))).contains("cannot be written");
        Files.delete(inTheWay);
        Files.delete(inTheWay.getParent());
        List<String> lines = Files.readAllLines(journal);
        Files.writeString(journal, String.join("\n", lines.subList(0, cells + 1)) + "\n" + tail);
        return lines;
    }

    @Test
    void mapThatWasCutOffBecomesTheSameMap() throws IOException {
        CommandLineRun.ok(with(QUESTION, "--out", whole.toString()));
        interrupted(2, "{\"cell\":2,\"fr");

        StringWriter text = new StringWriter();
        StringWriter warnings = new StringWriter();
        CommandLineRun.execute(text, warnings, "map", "--resume", "--out", cut.toString());

        assertThat(warnings).hasToString("janklab: " + journal + ": the last line was never finished; it is dropped, and its cell is "
                + "repeated." + System.lineSeparator());
        assertThat(text.toString()).contains("2 of 4 cells are there; 8 runs to make.");
        assertThat(cut.resolve("map.json")).hasSameTextualContentAs(whole.resolve("map.json"));
        assertThat(cut.resolve("map.html")).hasSameTextualContentAs(whole.resolve("map.html"));
        assertThat(journal).doesNotExist();
    }

    @Test
    void resumeTakesTheQuestionAgainButNoOther() throws IOException {
        interrupted(3, "");

        assertThat(CommandLineRun.bad("map", "--resume", "--seeds", "3", "--out", cut.toString()))
                .contains("was asked something else").contains("--x device=pixel-6,pixel-8");
        assertThat(CommandLineRun.bad(with(QUESTION, "--out", cut.toString())))
                .contains(MapJournal.NAME + " is there already: --resume continues that map");
        assertThat(CommandLineRun.ok(with(QUESTION, "--resume", "--out", cut.toString()))).contains("3 of 4 cells are there");
    }

    @Test
    void changedFigureIsRefusedWithItsLine() throws IOException {
        List<String> lines = interrupted(1, "");
        Files.writeString(journal, lines.get(0) + "\n" + lines.get(1).replace("\"cell\":0", "\"cell\":1") + "\n");

        assertThat(CommandLineRun.bad("map", "--resume", "--out", cut.toString())).contains(MapJournal.NAME + ":2: this line was changed");
        assertThat(CommandLineRun.bad("map", "--resume", "--out", whole.toString())).contains("there is no map to resume");
    }
}
