package io.janklab.workloads.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

/// A command that is killed, told to end or out of disk at any moment leaves the old result or the new one, and the next command works.
/// Moments are drawn from the case's number, which a failure names; `mvn -Pfuzz test` tries 500 of each.
final class HostileHostTest {
    private static final int CASES = Math.max(1, Integer.getInteger("janklab.fuzz", 200) / 200);
    /// By then a command has long ended.
    private static final int LATEST_MS = 2_500;
    /// Files of up to so many KiB are written whole: two of what the command writes are longer.
    private static final int MOST_KIB = 12;
    private static final int BY_SIGNAL = 128;

    /// What befalls the command.
    enum Fault {
        KILLED("KILL", BY_SIGNAL + 9),
        TERMINATED("TERM", BY_SIGNAL + 15),
        INTERRUPTED("INT", BY_SIGNAL + 2),
        DISK_FULL(null, ExitCode.BAD_INPUT);

        private final String signal;
        private final int exit;

        Fault(String signal, int exit) {
            this.signal = signal;
            this.exit = exit;
        }
    }

    @TempDir
    Path folder;

    private Path trace;
    private Path out;

    @BeforeEach
    void makeAnOldResult() throws IOException {
        trace = Files.writeString(folder.resolve("trace.txt"), "1: malloc 0x10 100\n1: free 0x10\n".repeat(20_000));
        out = folder.resolve("results").resolve("out");
        CommandLineRun.ok(replay());
    }

    /// Enough operations for `heap.csv` to be long.
    private String[] replay() {
        return new String[] {"replay", "--heap-only", "--quiet", "--every", "20", trace.toString(), "--out", out.toString()};
    }

    /// @param kib the longest file it may write; 0 for no limit
    private Process inItsOwnProcess(int kib, String... options) throws IOException {
        return inItsOwnProcess(kib, List.of(replay()), options);
    }

    private Process inItsOwnProcess(int kib, List<String> arguments, String... options) throws IOException {
        String limit = kib == 0 ? "" : "ulimit -f " + kib + "; ";
        List<String> command = new ArrayList<>(List.of("bash", "-c", limit + "exec \"$@\"", "bash"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of("-XX:-UsePerfData", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
                "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED"));
        command.addAll(List.of("-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))));
        command.add("io.janklab.workloads.cli.Main");
        command.addAll(arguments);
        return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log()).start();
    }

    private File log() {
        return folder.resolve("log").toFile();
    }

    @ParameterizedTest
    @EnumSource
    void oldResultOrNewOneIsThereInWhole(Fault fault) throws Exception {
        for (int number = 0; number < CASES; number++) {
            SplittableRandom random = new SplittableRandom(number);
            Process program = inItsOwnProcess(fault == Fault.DISK_FULL ? random.nextInt(MOST_KIB) + 1 : 0);
            if (fault.signal != null) {
                program.waitFor(random.nextInt(LATEST_MS), TimeUnit.MILLISECONDS);
                new ProcessBuilder("kill", "-s", fault.signal, Long.toString(program.pid())).redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start().waitFor();
            }
            assertThat(program.waitFor(60, TimeUnit.SECONDS)).isTrue();

            String as = fault + ", case " + number + ": " + Files.readString(log().toPath());
            assertThat(program.exitValue()).as(as).isIn(ExitCode.OK, fault.exit);
            assertThat(Files.readAllLines(log().toPath())).as(as).hasSizeLessThanOrEqualTo(1);
            assertWhole(as);
        }
        CommandLineRun.ok(replay());
        assertWhole("after " + fault);
        assertThat(names(out.getParent())).as("what was being made when it ended").containsExactly("out");
    }

    private void assertWhole(String as) throws IOException {
        assertThat(names(out)).as(as).containsExactly("heap.csv", "heap.html", RunFiles.RESULT);
        assertThat(JsonMapper.shared().readTree(out.resolve(RunFiles.RESULT)).get("samples").isArray()).as(as).isTrue();
        assertThat(Files.readString(out.resolve("heap.csv"))).as(as).endsWith("\n").hasLineCount(1 + 40_000 / 20);
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void hostWithoutAFolderForTemporaryFilesWillDo() throws Exception {
        Process program = inItsOwnProcess(0, "-Djava.io.tmpdir=" + folder.resolve("no-such-folder"));
        assertThat(program.waitFor(60, TimeUnit.SECONDS)).isTrue();
        // The JVM itself says that there is none.
        assertThat(Files.readAllLines(log().toPath())).allMatch(line -> line.startsWith("WARNING: java.io.tmpdir"));
        assertThat(program.exitValue()).isZero();
    }

    /// The manifest of the jar has the same two options.
    @Test
    void javaWarnsOfNothingAtTheStart() throws Exception {
        String folderOfRun = out.resolveSibling("run").toString();
        List<String> run = List.of(
                "run", "--kernel", "6.12", "--duration", "20ms", "--quiet", "--perfetto", "--openmetrics", "--out", folderOfRun);
        Process program = inItsOwnProcess(0, run, "--enable-native-access=ALL-UNNAMED");
        assertThat(program.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(log()).isEmpty();
        assertThat(program.exitValue()).isZero();
    }

    @Test
    void folderThatIsALinkIsWrittenThrough() throws IOException {
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        out = Files.createSymbolicLink(folder.resolve("link"), elsewhere);
        CommandLineRun.ok(replay());
        assertThat(names(elsewhere)).containsExactly("heap.csv", "heap.html", RunFiles.RESULT);
        assertThat(Files.isSymbolicLink(out)).isTrue();
    }

    @Test
    void linkThatLeadsNowhereIsRefusedInASentence() throws IOException {
        out = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("nowhere"));
        CommandLineRun.bad(replay());
        assertThat(Files.isSymbolicLink(out)).isTrue();
    }

    @Test
    void twoCommandsAtOnceLeaveTheResultOfOne() throws Exception {
        Process one = inItsOwnProcess(0);
        Process other = inItsOwnProcess(0);
        assertThat(one.waitFor(60, TimeUnit.SECONDS) && other.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(List.of(one.exitValue(), other.exitValue())).as(Files.readString(log().toPath())).containsOnly(0);
        assertWhole("two at once");
        assertThat(names(out.getParent())).containsExactly("out");
    }
}
