package io.janklab.workloads.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.workloads.cli.common.CommonOptions;
import io.janklab.workloads.cli.common.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import tools.jackson.databind.json.JsonMapper;

/// Options of the same name mean the same in every command.
final class OptionsAlikeTest extends InScratchFolder {
    private int janklab(String command, String... options) throws IOException {
        List<String> all = EveryCommand.arguments(command, folder);
        all.addAll(List.of("--out", out.toString()));
        all.addAll(List.of(options));
        return execute(all.toArray(String[]::new));
    }

    @ParameterizedTest
    @MethodSource("io.janklab.workloads.cli.EveryCommand#writing")
    void everyCommandHasTheCommonOptions(String command) {
        CommandSpec spec = Main.commandLine().getSubcommands().get(command).getCommandSpec();

        assertThat(List.of("--out", "--force", "--seed", "--json", "--quiet", "--verify", "--help"))
                .allSatisfy(option -> assertThat(spec.findOption(option)).as(option).isNotNull());
        assertThat(spec.mixins().values()).anyMatch(mixin -> mixin.userObject() instanceof CommonOptions);
    }

    @ParameterizedTest
    @MethodSource("io.janklab.workloads.cli.EveryCommand#all")
    void everyCommandHasHelpWithItsExitCodes(String command) {
        CommandLine all = Main.commandLine();
        all.setOut(new PrintWriter(stdout));

        assertThat(all.execute(command, "--help")).isZero();
        assertThat(stdout.toString()).contains("Usage: janklab " + command, "Exit codes:", "0   ", "1   internal failure", "2   bad input");
    }

    @ParameterizedTest
    @MethodSource("io.janklab.workloads.cli.EveryCommand#quick")
    void jsonIsAloneOnStdout(String command) throws IOException {
        assertThat(janklab(command, "--json", "--verify", "--seed", "3")).isZero();

        assertThat(stderr.toString()).isEmpty();
        assertThat(JsonMapper.shared().readTree(stdout.toString()).isObject()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("io.janklab.workloads.cli.EveryCommand#quick")
    void quietPrintsNothingAndLeavesTheFiles(String command) throws IOException {
        assertThat(janklab(command, "--quiet", "--seed", "3")).isZero();

        assertThat(stdout.toString()).isEmpty();
        assertThat(stderr.toString()).isEmpty();
        assertThat(out).isDirectoryContaining(file -> file.toString().endsWith(".json"));
    }

    @ParameterizedTest
    @MethodSource("io.janklab.workloads.cli.EveryCommand#quick")
    void verifySaysWhatCameOfIt(String command) throws IOException {
        assertThat(janklab(command, "--verify", "--seed", "3")).isZero();

        assertThat(stdout.toString()).containsAnyOf("Verified: done twice, and ", "Nothing is simulated here: there is nothing to verify.");
    }

    @ParameterizedTest
    @MethodSource("io.janklab.workloads.cli.EveryCommand#writing")
    void folderOfSomebodyElsesIsRefusedInOneSentence(String command) throws IOException {
        Files.writeString(Files.createDirectory(out).resolve("thesis.tex"), "mine");

        assertThat(janklab(command)).isEqualTo(ExitCode.BAD_INPUT);

        assertThat(stdout.toString()).isEmpty();
        assertThat(stderr.toString().strip().lines()).hasSize(1);
        assertThat(stderr.toString()).contains("holds files of others").contains("--force");
        assertThat(out).isDirectoryNotContaining(file -> !file.endsWith("thesis.tex"));
    }

    @ParameterizedTest
    @MethodSource("io.janklab.workloads.cli.EveryCommand#quick")
    void forceWritesBesideSomebodyElsesFilesAndThenTheFolderIsTheCommandsOwn(String command) throws IOException {
        Files.writeString(Files.createDirectory(out).resolve("thesis.tex"), "mine");

        assertThat(janklab(command, "--force", "--seed", "3")).isZero();

        assertThat(out.resolve("thesis.tex")).hasContent("mine");
        // A folder with a journal is not written anew unless that is asked for.
        String again = Map.of("sweep", "--resume", "merge", "--force").getOrDefault(command, "--verify");
        assertThat(janklab(command, again, "--seed", "3")).isZero();
    }

    @ParameterizedTest
    @MethodSource("io.janklab.workloads.cli.EveryCommand#writing")
    void unknownOptionIsOneSentence(String command) throws IOException {
        assertThat(janklab(command, "--colour")).isEqualTo(ExitCode.BAD_INPUT);

        assertThat(stderr.toString().strip().lines()).hasSize(1);
        assertThat(out).doesNotExist();
    }

    @Test
    void completionKnowsEveryCommandAndItsOptions() {
        CommandLine all = Main.commandLine();
        all.setOut(new PrintWriter(stdout));

        assertThat(all.execute(EveryCommand.COMPLETION)).isZero();
        assertThat(stdout.toString()).contains(EveryCommand.writing().toList()).contains("'--verify'").contains("'--force'");
    }

    /// The list of commands shows the first line of each description alone.
    @Test
    void everyCommandIsSummedUpInOneWholeSentence() {
        for (CommandLine command : Main.commandLine().getSubcommands().values()) {
            assertThat(command.getCommandSpec().usageMessage().description()[0]).as(command.getCommandName()).endsWith(".")
                    .hasSizeLessThan(140);
        }
    }

    /// picocli's script has the values that an option can take as `…_option_args`.
    @Test
    void completionOffersDevicesScenariosKernelsAndKeys() {
        assertThat(CommandLineRun.ok("completion")).contains("budget-4gb", "gc-storm", "android15-6.6", "javaHeap.collector=");
    }
}
