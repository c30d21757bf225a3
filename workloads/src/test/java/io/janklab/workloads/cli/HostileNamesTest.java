package io.janklab.workloads.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.workloads.recording.SampleRecording;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Names that come from outside are shown on one line, with nothing a terminal would obey, wherever they come to stand.
final class HostileNamesTest {
    private static final String RED = "\u001b[31m";
    private static final String BACKWARDS = "\u202e";
    private static final List<String> BINARY = List.of(".perfetto-trace", ".bin");

    @TempDir
    Path folder;

    private void assertClean(String text, String as) {
        assertThat(text).as(as).doesNotContain(RED, BACKWARDS);
    }

    private void assertOutputIsClean(Path out) throws IOException {
        try (Stream<Path> files = Files.walk(out)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                // Binary files are read by programs; names in them are searched for as bytes.
                assertClean(Files.readString(file, isBinary(file) ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8), file.toString());
            }
        }
    }

    private static boolean isBinary(Path file) {
        return BINARY.stream().anyMatch(file.toString()::endsWith);
    }

    @Test
    void threadsOfARecording() throws IOException {
        String recording = SampleRecording.text(4).replace("worker", "w" + RED + BACKWARDS + "\u0007k").replace("B|100|frame", "B|100|fr" + RED + "ame");
        Path file = Files.writeString(folder.resolve("rec" + BACKWARDS + "ording.ftrace"), recording);

        String printed = CommandLineRun.ok("import", file.toString(), "--process", "100", "--out", folder.resolve("out").toString());

        assertClean(printed, "stdout");
        assertThat(printed).contains("rec\\x{202e}ording");
        assertOutputIsClean(folder.resolve("out"));
    }

    @Test
    void whatASettingSays() throws IOException {
        String printed = CommandLineRun.ok("run", "--kernel", "6.12", "--duration", "20ms", "--seeds", "1", "--set", "description=a" + RED + BACKWARDS + "b\nc", "--perfetto", "--off-cpu",
                "--openmetrics", "--out", folder.resolve("out").toString());

        assertClean(printed, "stdout");
        assertOutputIsClean(folder.resolve("out"));
    }

    @Test
    void theNameOfATraceAndOfAScenario() throws IOException {
        Path trace = Files.writeString(folder.resolve("t" + RED + ".txt"), "1: malloc 0x10 100\n1: free 0x10\n");
        Path scenario = Files.writeString(folder.resolve("s" + RED + "\n.yaml"), "description: x\n");

        String printed = CommandLineRun.ok("run", "--scenario", scenario.toString(), "--trace", trace.toString(), "--kernel", "6.12", "--duration", "20ms", "--out",
                folder.resolve("out").toString());

        assertClean(printed, "stdout");
        assertOutputIsClean(folder.resolve("out"));
    }
}
