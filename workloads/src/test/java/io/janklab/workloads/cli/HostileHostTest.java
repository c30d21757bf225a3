package io.janklab.workloads.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import io.janklab.dashboards.file.Unfinished;
import io.janklab.workloads.cli.common.ExitCode;
import io.janklab.workloads.cli.run.RunFiles;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/// A command that is killed, told to end or out of disk at any moment leaves the old result or the new one, and the next command works.
/// Moments are drawn from the case's number, which a failure names; `mvn -Pfuzz test` tries more, for a minute a command.
final class HostileHostTest {
    private static final int CASES = Math.max(1, Integer.getInteger("janklab.fuzz", 200) / 200);
    /// By then a command has long ended.
    private static final int LATEST_MS = 1_500;
    /// From the first file that is made on.
    private static final int LATEST_WHILE_WRITING_MS = 40;
    /// Files of up to this many KiB are written whole: most commands write some longer ones.
    private static final int MOST_KIB = 12;
    private static final List<String> COMMANDS = EveryCommand.quickAlone().toList();

    /// The fault injected into the command.
    enum Fault {
        KILLED("KILL", 128 + 9),
        TERMINATED(Interruption.TERM.name(), Interruption.TERM.exit()),
        INTERRUPTED(Interruption.here().name(), Interruption.here().exit()),
        DISK_FULL(null, ExitCode.BAD_INPUT);

        private final String signal;
        private final int exit;

        Fault(String signal, int exit) {
            this.signal = signal;
            this.exit = exit;
        }

        /// Another for each command, and for each case of it.
        static Fault of(String command, int number) {
            return values()[(COMMANDS.indexOf(command) + number) % values().length];
        }
    }

    @TempDir
    Path folder;

    private Path trace;
    private Path out;

    private void makeAnOldResult() throws IOException {
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
        return start(kib == 0 ? "exec \"$@\"" : "ulimit -f " + kib + "; exec \"$@\"", arguments, options);
    }

    /// @param script of a shell that starts the program, its arguments
    private Process start(String script, List<String> arguments, String... options) throws IOException {
        List<String> command = OwnProcess.command(script, arguments, options);
        return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log()).start();
    }

    private File log() {
        return folder.resolve("log").toFile();
    }

    @ParameterizedTest
    @MethodSource("io.janklab.workloads.cli.EveryCommand#quickAlone")
    void oldResultOrNewOneIsThereInWhole(String command) throws Exception {
        out = folder.resolve("of").resolve(command);
        makeWell(command, "--force");
        List<String> names = names(out);
        for (int number : Fuzz.numbers(CASES)) {
            SplittableRandom random = new SplittableRandom(number);
            Fault fault = Fault.of(command, number);
            Process program = inItsOwnProcess(fault == Fault.DISK_FULL ? random.nextInt(MOST_KIB) + 1 : 0,
                    List.of(arguments(command, "--force")));
            if (fault.signal != null) {
                awaitAMoment(program, random);
                new ProcessBuilder("kill", "-s", fault.signal, Long.toString(program.pid())).redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start().waitFor();
            }
            assertThat(program.waitFor(60, TimeUnit.SECONDS)).isTrue();

            String as = command + " " + fault + ", case " + number + ": " + Files.readString(log().toPath());
            assertThat(program.exitValue()).as(as).isIn(ExitCode.OK, fault.exit);
            assertThat(Files.readAllLines(log().toPath())).as(as).hasSizeLessThanOrEqualTo(1);
            assertThat(names(out).stream().filter(name -> !Unfinished.isOne(Path.of(name)))).as(as).containsExactlyElementsOf(names);
            assertJsonIsWhole(as);

            makeWell(command, again(command));
            assertThat(names(out)).as(as).containsExactlyElementsOf(names);
            assertThat(names(out.getParent())).as("what was being made when it ended").containsExactly(command);
        }
    }

    private void makeWell(String command, String option) throws Exception {
        if (!command.equals(EveryCommand.CONFORM)) {
            CommandLineRun.ok(arguments(command, option));
            return;
        }
        Process program = inItsOwnProcess(0, List.of(arguments(command, option)));
        assertThat(program.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(log()).isEmpty();
    }

    /// An interrupted sweep continues from its journal, if that had begun.
    private String again(String command) throws IOException {
        boolean begun = command.equals("sweep") && Files.size(out.resolve("journal.jsonl")) > 0;
        return begun ? "--resume" : "--force";
    }

    private String[] arguments(String command, String... options) throws IOException {
        List<String> arguments = EveryCommand.argumentsForFewSeeds(command, folder);
        arguments.addAll(List.of("--quiet", "--out", out.toString()));
        arguments.addAll(List.of(options));
        return arguments.toArray(String[]::new);
    }

    /// Any, or one while it writes.
    private void awaitAMoment(Process program, SplittableRandom random) throws Exception {
        if (random.nextBoolean()) {
            program.waitFor(random.nextInt(LATEST_MS), TimeUnit.MILLISECONDS);
            return;
        }
        while (program.isAlive() && names(out).stream().noneMatch(name -> name.endsWith(".making"))) {
            program.waitFor(1, TimeUnit.MILLISECONDS);
        }
        program.waitFor(random.nextInt(LATEST_WHILE_WRITING_MS), TimeUnit.MILLISECONDS);
    }

    private void assertJsonIsWhole(String as) throws IOException {
        for (String name : names(out)) {
            if (name.endsWith(".json")) {
                assertThat(JsonMapper.shared().readTree(out.resolve(name)).isObject()).as(as).isTrue();
            }
        }
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
        makeAnOldResult();
        Process program = inItsOwnProcess(0, "-Djava.io.tmpdir=" + folder.resolve("no-such-folder"));
        assertThat(program.waitFor(60, TimeUnit.SECONDS)).isTrue();
        // The JVM itself says that there is none.
        assertThat(Files.readAllLines(log().toPath())).allMatch(line -> line.startsWith("WARNING: java.io.tmpdir"));
        assertThat(program.exitValue()).isZero();
    }

    /// Not even of a library that calls `sun.misc.Unsafe`: neither the manifest nor `bin/janklab` could prevent that without an option.
    @Test
    void javaWarnsOfNothingAtTheStart() throws Exception {
        HttpServer receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        receiver.start();
        List<String> run = List.of("run", "--kernel", "6.12", "--duration", "20ms", "--quiet", "--perfetto", "--openmetrics", "--otlp",
                "http://127.0.0.1:" + receiver.getAddress().getPort() + "/v1/metrics", "--out", folder.resolve("run").toString());
        Process program = inItsOwnProcess(0, run);
        assertThat(program.waitFor(60, TimeUnit.SECONDS)).isTrue();
        receiver.stop(0);
        assertThat(log()).isEmpty();
        assertThat(program.exitValue()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"list --json", "run --help"})
    void stdoutThatTakesNoMoreIsASentence(String command) throws Exception {
        assumeTrue(Files.exists(Path.of("/dev/full")), "this host has no /dev/full");
        Process program = start("exec \"$@\" > /dev/full", List.of(command.split(" ")));
        assertThat(program.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(log()).content().isEqualTo("janklab: stdout cannot be written (" + fullDiskInTheHostsWords() + ").\n");
        assertThat(program.exitValue()).isEqualTo(ExitCode.BAD_INPUT);
    }

    /// `No space left on device`, or what the C library says in the user's language.
    private static String fullDiskInTheHostsWords() {
        try (OutputStream full = Files.newOutputStream(Path.of("/dev/full"))) {
            full.write(0);
            throw new AssertionError("/dev/full has taken a byte");
        } catch (IOException e) {
            return e.getMessage();
        }
    }

    @Test
    void readerOfStdoutMayStop() throws Exception {
        Process program = start("\"$@\" | head -1; exit ${PIPESTATUS[0]}", List.of("list"));
        assertThat(program.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(log()).content().hasLineCount(1);
        assertThat(program.exitValue()).isZero();
    }

    @Test
    void folderThatIsALinkIsWrittenThrough() throws IOException {
        makeAnOldResult();
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        out = Files.createSymbolicLink(folder.resolve("link"), elsewhere);
        CommandLineRun.ok(replay());
        assertThat(names(elsewhere)).containsExactly("heap.csv", "heap.html", RunFiles.RESULT);
        assertThat(Files.isSymbolicLink(out)).isTrue();
    }

    @Test
    void linkThatLeadsNowhereIsRefusedInASentence() throws IOException {
        makeAnOldResult();
        out = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("nowhere"));
        CommandLineRun.bad(replay());
        assertThat(Files.isSymbolicLink(out)).isTrue();
    }

    @Test
    void twoCommandsAtOnceLeaveTheResultOfOne() throws Exception {
        makeAnOldResult();
        Process one = inItsOwnProcess(0);
        Process other = inItsOwnProcess(0);
        assertThat(one.waitFor(60, TimeUnit.SECONDS) && other.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(List.of(one.exitValue(), other.exitValue())).as(Files.readString(log().toPath())).containsOnly(0);
        assertWhole("two at once");
        assertThat(names(out.getParent())).containsExactly("out");
    }
}
