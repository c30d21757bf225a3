package io.janklab.workloads.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.janklab.workloads.device.Device;
import io.janklab.workloads.recording.SampleRecording;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Names of threads from outside are escaped and short in all that is printed and written.
final class HostileNamesTest {
    private static final String ESCAPE = "\u001b[31mred";
    private static final String RIGHT_TO_LEFT = "\u202e";
    private static final String LONG = "y".repeat(300);
    private static final String TOO_LONG = "y".repeat(81);
    private static final String[] ALL_FILES = {"--off-cpu", "--openmetrics", "--lock-stat"};

    @TempDir
    Path folder;

    private void assertClean(String printed, Path out) throws IOException {
        assertThat(printed).doesNotContain(ESCAPE, RIGHT_TO_LEFT, TOO_LONG);
        try (Stream<Path> files = Files.list(out)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String contents = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
                assertThat(contents.contains(ESCAPE)).as(file + " has an escape sequence").isFalse();
                assertThat(contents.contains(RIGHT_TO_LEFT)).as(file + " has a mark of direction").isFalse();
                assertThat(contents.contains(TOO_LONG)).as(file + " has a long name").isFalse();
                assertThat(contents.contains("<b>bold")).as(file + " has markup").isEqualTo(!file.toString().endsWith(".html")
                        && contents.contains("<b>bold"));
            }
        }
    }

    private String run(Path out, String... arguments) {
        return CommandLineRun.ok(Stream.of(List.of(arguments), List.of(ALL_FILES), List.of("--out", out.toString()))
                .flatMap(List::stream).toArray(String[]::new));
    }

    @Test
    void ofAScenario() throws IOException {
        Path scenario = Files.writeString(folder.resolve("s.yaml"),
                "threads:\n  jobs: { name: \"a\\e[31mred\\u202e<b>bold" + LONG + "\", count: 1, per: frame, times: 1 }\n");
        Path out = folder.resolve("out");
        assertClean(run(out, "run", "--scenario", scenario.toString(), "--duration", "50ms", "--set", "warmUpS=0", "--perfetto"), out);
    }

    @Test
    void pathThatNoFileCanHaveIsASentence() {
        for (String[] command : new String[][] {{"list", "--out", "a\0b"}, {"diff", "a\0b", "c"}, {"replay", "a\0b"}}) {
            assertThat(CommandLineRun.bad(command)).contains("cannot be the path of a file (Nul character not allowed)")
                    .doesNotContain("Exception", "interface");
        }
    }

    @Test
    void ofFiles() throws IOException {
        assumeTrue(Charset.forName(System.getProperty("sun.jnu.encoding")).newEncoder().canEncode(RIGHT_TO_LEFT),
                "in this locale no file has such a name");
        String hostile = ESCAPE + RIGHT_TO_LEFT + "<b>bold" + "y".repeat(60) + ".yaml";
        Path scenario = Files.writeString(folder.resolve("s" + hostile), "description: of a hostile name\n");
        Path device = folder.resolve("d" + hostile);
        try (InputStream pixel6 = Device.class.getResourceAsStream("pixel-6.yaml")) {
            Files.copy(pixel6, device);
        }
        Path out = folder.resolve("out");
        assertClean(run(out, "compare", "--scenario", scenario.toString(), "--device", device.toString(), "--seeds", "1", "--duration",
                "50ms", "--set", "warmUpS=0", "--no-bound"), out);
    }

    @Test
    void ofAProgram() throws IOException {
        Path program = Files.writeString(folder.resolve("p"), "program a" + ESCAPE + RIGHT_TO_LEFT + "<b>bold" + LONG
                + "\nduration 5ms\nmapper" + ESCAPE + ":\n  map" + RIGHT_TO_LEFT + ": mmap @0 16p r|w private|anonymous\n");
        StringWriter printed = new StringWriter();
        CommandLineRun.execute(printed, printed, "run", "--program", program.toString(), "--out", folder.resolve("out").toString());
        assertThat(printed.toString()).doesNotContain(ESCAPE, RIGHT_TO_LEFT, TOO_LONG);
    }

    @Test
    void ofALitmus() throws IOException {
        Path litmus = Files.writeString(folder.resolve("l" + ESCAPE), "litmus own\nstory told" + ESCAPE + RIGHT_TO_LEFT + """

                watch @0
                before:
                  mmap @0 1p r|w private|anonymous|fixed
                  store @0 1
                tasks:
                  forker               | purger
                  child = fork @0 1p 2 | d = madvise @0 1p dontneed
                after:
                  load @0
                always: d=1
                """);
        StringWriter printed = new StringWriter();
        CommandLineRun.execute(printed, printed, "explore", "--file", litmus.toString(), "--schedules", "5", "--out",
                folder.resolve("out").toString());
        assertThat(printed.toString()).contains("told\\x{1b}[31mred", "$'" + folder + "/l\\x1b[31mred'")
                .doesNotContain(ESCAPE, RIGHT_TO_LEFT);
    }

    @Test
    void ofARecording() throws IOException {
        String hostile = "a" + ESCAPE + RIGHT_TO_LEFT + "<b>bold" + LONG;
        Path recording = Files.writeString(folder.resolve("r.txt"), SampleRecording.text(3).replace("worker", hostile));
        Path imported = folder.resolve("imported");
        assertClean(CommandLineRun.ok("import", recording.toString(), "--out", imported.toString()), imported);
        Path out = folder.resolve("out");
        assertClean(run(out, "run", "--recording", imported.toString()), out);
    }
}
