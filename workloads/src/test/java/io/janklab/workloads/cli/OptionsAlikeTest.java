package io.janklab.workloads.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.workloads.recording.SampleRecording;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import tools.jackson.databind.json.JsonMapper;

/// Options of the same name mean the same in every command.
final class OptionsAlikeTest {
    /// Prints a script for shells, and has nothing to write, draw or verify.
    private static final String COMPLETION = "completion";
    /// Lasts until it is told to end, and writes no files.
    private static final String SERVE = "serve";
    /// What each command does in a moment.
    private static final Map<String, String> SHORT = Map.ofEntries(
            Map.entry("compare", "--duration 100ms --no-bound"),
            Map.entry("run", "--duration 100ms"),
            Map.entry("diff", "RESULT RESULT"),
            Map.entry("advise", "--duration 50ms --set warmUpS=0 --try heap.decayMs=0"),
            Map.entry("explain", "7.2 7.2+mseal=off --duration 50ms --set warmUpS=0"),
            Map.entry("map", "--x device=pixel-6 --y mapChurn.ui.perS=12 --duration 50ms --set warmUpS=0"),
            Map.entry("replay", "TRACE"),
            Map.entry("sweep", "--duration 100ms --kernels 6.17 --vary cost.tlbi=1,2"),
            Map.entry("scale", "mmap1 --cores 1 --duration 1ms"),
            Map.entry("explore", "fault-dontneed --schedules 10"),
            Map.entry("conform", "--programs 2"),
            Map.entry("merge", "SWEEP"),
            Map.entry("import", "RECORDING"),
            Map.entry("record", "--pid 1 --seconds 0.1"),
            Map.entry("calibrate", ""),
            Map.entry("validate", "--only mapper --seconds 0.05"),
            Map.entry("dashboards", ""),
            Map.entry("show", "scenario scroll"),
            Map.entry("list", ""));

    @TempDir
    Path folder;

    private Path out;
    private final StringWriter stdout = new StringWriter();
    private final StringWriter stderr = new StringWriter();

    @BeforeEach
    void chooseFolder() {
        out = folder.resolve("out");
    }

    private int janklab(String command, String... options) throws IOException {
        Path trace = Files.writeString(folder.resolve("t.txt"), "1: malloc 0x10 100\n2: malloc 0x20 5000\n1: free 0x20\n");
        List<String> all = new ArrayList<>(List.of(command));
        Path recording = Files.writeString(folder.resolve("r.txt"), SampleRecording.text(3));
        String arguments = SHORT.get(command)
                .replace("TRACE", trace.toString())
                .replace("RECORDING", recording.toString())
                .replace("RESULT", folder.resolve("result").toString())
                .replace("SWEEP", folder.resolve("swept").toString());
        if (command.equals("diff") && !Files.exists(folder.resolve("result"))) {
            CommandLineRun.ok("run", "--duration", "100ms", "--out", folder.resolve("result").toString(), "--quiet");
        }
        if (command.equals("merge") && !Files.exists(folder.resolve("swept"))) {
            CommandLineRun.ok("sweep", "--duration", "100ms", "--kernels", "6.17", "--seeds", "1", "--out",
                    folder.resolve("swept").toString(), "--quiet");
        }
        Stream.of(arguments.split(" ")).filter(option -> !option.isEmpty()).forEach(all::add);
        all.addAll(List.of("--out", out.toString()));
        all.addAll(List.of(options));
        return CommandLineRun.execute(stdout, stderr, all.toArray(String[]::new));
    }

    static Stream<String> allCommands() {
        return Main.commandLine().getSubcommands().keySet().stream();
    }

    static Stream<String> commands() {
        return allCommands().filter(name -> !List.of(COMPLETION, SERVE).contains(name));
    }

    /// Those that take no measurements on the host, which take seconds and root's rights.
    static Stream<String> quickCommands() {
        return commands().filter(name -> !List.of("conform", "calibrate", "validate", "record").contains(name));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandHasTheCommonOptions(String command) {
        CommandSpec spec = Main.commandLine().getSubcommands().get(command).getCommandSpec();

        assertThat(List.of("--out", "--force", "--seed", "--json", "--quiet", "--verify", "--help"))
                .allSatisfy(option -> assertThat(spec.findOption(option)).as(option).isNotNull());
        assertThat(spec.mixins().values()).anyMatch(mixin -> mixin.userObject() instanceof CommonOptions);
    }

    @ParameterizedTest
    @MethodSource("allCommands")
    void everyCommandHasHelpWithItsExitCodes(String command) {
        CommandLine all = Main.commandLine();
        all.setOut(new PrintWriter(stdout));

        assertThat(all.execute(command, "--help")).isZero();
        assertThat(stdout.toString()).contains("Usage: janklab " + command, "Exit codes:", "0   ", "1   internal failure", "2   bad input");
    }

    @ParameterizedTest
    @MethodSource("quickCommands")
    void jsonIsAloneOnStdout(String command) throws IOException {
        assertThat(janklab(command, "--json", "--verify", "--seed", "3")).isZero();

        assertThat(stderr.toString()).isEmpty();
        assertThat(JsonMapper.shared().readTree(stdout.toString()).isObject()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("quickCommands")
    void quietPrintsNothingAndLeavesTheFiles(String command) throws IOException {
        assertThat(janklab(command, "--quiet", "--seed", "3")).isZero();

        assertThat(stdout.toString()).isEmpty();
        assertThat(stderr.toString()).isEmpty();
        assertThat(out).isDirectoryContaining(file -> file.toString().endsWith(".json"));
    }

    @ParameterizedTest
    @MethodSource("quickCommands")
    void verifySaysWhatCameOfIt(String command) throws IOException {
        assertThat(janklab(command, "--verify", "--seed", "3")).isZero();

        assertThat(stdout.toString()).containsAnyOf("Verified: done twice, and ", "Nothing is simulated here: there is nothing to verify.");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void folderOfSomebodyElsesIsRefusedInOneSentence(String command) throws IOException {
        Files.writeString(Files.createDirectory(out).resolve("thesis.tex"), "mine");

        assertThat(janklab(command)).isEqualTo(ExitCode.BAD_INPUT);

        assertThat(stdout.toString()).isEmpty();
        assertThat(stderr.toString().strip().lines()).hasSize(1);
        assertThat(stderr.toString()).contains("holds files that this command has not written").contains("--force");
        assertThat(out).isDirectoryNotContaining(file -> !file.endsWith("thesis.tex"));
    }

    @ParameterizedTest
    @MethodSource("quickCommands")
    void forceWritesBesideSomebodyElsesFilesAndThenTheFolderIsTheCommandsOwn(String command) throws IOException {
        Files.writeString(Files.createDirectory(out).resolve("thesis.tex"), "mine");

        assertThat(janklab(command, "--force", "--seed", "3")).isZero();

        assertThat(out.resolve("thesis.tex")).hasContent("mine");
        // A folder with a journal is not written anew unless that is asked for.
        String again = Map.of("sweep", "--resume", "merge", "--force").getOrDefault(command, "--verify");
        assertThat(janklab(command, again, "--seed", "3")).isZero();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void unknownOptionIsOneSentence(String command) throws IOException {
        assertThat(janklab(command, "--colour")).isEqualTo(ExitCode.BAD_INPUT);

        assertThat(stderr.toString().strip().lines()).hasSize(1);
        assertThat(out).doesNotExist();
    }

    @Test
    void completionKnowsEveryCommandAndItsOptions() {
        CommandLine all = Main.commandLine();
        all.setOut(new PrintWriter(stdout));

        assertThat(all.execute(COMPLETION)).isZero();
        assertThat(stdout.toString()).contains(commands().toList()).contains("'--verify'").contains("'--force'");
    }
}
