package io.janklab.workloads.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Small whole runs print, to the letter, what they printed when they were recorded: a command on the first line, below it its output.
/// `-Djanklab.refresh=true` records them again.
final class GoldenTranscriptsTest {
    private static final boolean REFRESH = Boolean.getBoolean("janklab.refresh");
    private static final Path RECORDED = Path.of("src/test/resources/transcripts");
    private static final String PROMPT = "$ janklab ";
    /// How long the host took.
    private static final String HOST_TIME = "in [\\d.,]+ m?s \\([\\d.,]+ a second\\)";

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"run-launch.txt", "run-gc-storm.txt", "explore-broken-rule.txt"})
    void wholeRunPrintsWhatWasRecorded(String name) throws IOException {
        Path file = RECORDED.resolve(name);
        List<String> recorded = Files.readAllLines(file);
        String command = recorded.getFirst();

        List<String> current = new ArrayList<>(List.of(command));
        current.addAll(printed(command.substring(PROMPT.length())));
        if (REFRESH) {
            Files.write(file, current);
        } else {
            assertThat(current).containsExactlyElementsOf(recorded);
        }
    }

    private List<String> printed(String command) {
        StringWriter stdout = new StringWriter();
        String out = folder.resolve("out").toString();
        CommandLineRun.execute(stdout, new StringWriter(), command.replace("$OUT", out).split(" "));
        return stdout.toString().replace(out, "$OUT").replaceAll(HOST_TIME, "in (host time)").lines().map(String::stripTrailing).toList();
    }
}
