package io.janklab.workloads.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.dashboards.file.Unfinished;
import io.janklab.workloads.cli.common.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Commands that measure the host for many seconds, under the faults of [HostileHostTest] and [OutputFaultsTest]: the old result stays, or
/// the new one is there in whole.
final class MeasuringFaultsTest {
    private static final int LATEST_MS = 3_000;
    private static final int KILLED = 128 + 9;
    private static final int PAGE_BYTES = 4096;
    /// What the measurements may add, a line each.
    private static final String BUSY_HOST = "janklab: (This host was busy|In \\d+ of \\d+ workloads something else had) .*";
    private static final Map<String, String> OLD = Map.of("measured.json", "{\"release\": \"old\"}", "calibration.json", "{\"costs\": {}}",
            "conform.json", "{\"kernel\": \"old\"}");

    @TempDir
    Path folder;

    private Process start(List<String> arguments) throws IOException {
        return new ProcessBuilder(OwnProcess.command("exec \"$@\"", arguments))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
    }

    private List<String> arguments(String command, Path out) throws IOException {
        List<String> arguments = EveryCommand.arguments(command, folder);
        arguments.addAll(List.of("--quiet", "--force", "--out", out.toString()));
        return arguments;
    }

    private static Path withAnOldResult(Path out) throws IOException {
        Files.createDirectories(out);
        for (Map.Entry<String, String> file : OLD.entrySet()) {
            Files.writeString(out.resolve(file.getKey()), file.getValue());
        }
        return out;
    }

    private static Map<String, String> contents(Path out) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.list(out)) {
            for (Path file : files.toList()) {
                contents.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        return contents;
    }

    /// Each with the exit code of a program that it ends.
    private static Map<String, Integer> signals() {
        Map<String, Integer> signals = new TreeMap<>(Map.of("KILL", KILLED, Interruption.TERM.name(), Interruption.TERM.exit()));
        signals.put(Interruption.here().name(), Interruption.here().exit());
        return signals;
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("io.janklab.workloads.cli.EveryCommand#measuring")
    void commandThatIsToldToEndLeavesTheOldResult(String command) throws Exception {
        SplittableRandom random = new SplittableRandom(command.hashCode());
        for (Map.Entry<String, Integer> signal : signals().entrySet()) {
            Path out = withAnOldResult(folder.resolve(signal.getKey()));
            Process program = start(arguments(command, out));
            program.waitFor(random.nextInt(LATEST_MS), TimeUnit.MILLISECONDS);
            long toldAt = System.nanoTime();
            new ProcessBuilder("kill", "-s", signal.getKey(), Long.toString(program.pid())).start().waitFor();

            assertThat(program.waitFor(60, TimeUnit.SECONDS)).isTrue();

            long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - toldAt);
            String as = command + " " + signal + ", ended in " + tookMs + " ms: " + Files.readString(folder.resolve("log"));
            assertThat(program.exitValue()).as(as).isEqualTo(signal.getValue());
            assertThat(Files.readAllLines(folder.resolve("log"))).as(as).hasSizeLessThanOrEqualTo(1);
            Unfinished.settle(out);
            Map<String, String> left = contents(out);
            assertThat(left.keySet()).as(as).isEqualTo(OLD.keySet());
            if (!as.contains("what was measured is in")) {
                assertThat(left).as(as).isEqualTo(OLD);
            }
        }
    }

    /// There is room for one of its files: each measures to its end first, and may find that the host is busy.
    @Tag("host")
    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("io.janklab.workloads.cli.EveryCommand#measuring")
    void diskThatIsFullAtTheEndIsASentence(String command) throws Exception {
        try (SmallDisk disk = SmallDisk.at(folder.resolve("disk"))) {
            Path out = withAnOldResult(disk.root().resolve("out"));
            disk.fillBut(PAGE_BYTES);

            Process program = start(arguments(command, out));

            assertThat(program.waitFor(300, TimeUnit.SECONDS)).isTrue();
            String log = Files.readString(folder.resolve("log"));
            assertThat(log).endsWith("cannot be written (No space left on device).\n");
            assertThat(log.lines().filter(line -> !line.matches(BUSY_HOST))).as(log).hasSize(1);
            assertThat(program.exitValue()).as(log).isEqualTo(ExitCode.BAD_INPUT);
            assertThat(contents(out)).isEqualTo(OLD);
        }
    }
}
