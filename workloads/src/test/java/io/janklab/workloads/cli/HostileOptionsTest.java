package io.janklab.workloads.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.workloads.cli.common.ExitCode;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// Any option of any command takes a hostile value, or refuses it in one clean sentence.
final class HostileOptionsTest {
    /// A hundredth of [Fuzz#CASES], for each runs a command.
    private static final int CASES = Math.max(2, Fuzz.CASES / 100);
    /// They would last, reach out, or write elsewhere.
    private static final List<String> LEFT_OUT = List.of("--out", "--otlp", "--serve", "--pace", "--master", "--engine", "--table",
            "--costs", "--run-limit");
    private static final List<String> VALUES = List.of("", " ", "0", "-1", "1e999", "NaN", "99999999999999999999", "x".repeat(300), "a=b",
            "=", ",", ",,", "6.17,6.17", "/", "/dev/null", "no/such/file", "\u001b[31mred", "a\nb", "\u202eabc", "%s%n", "scroll=", "..",
            "{1..9}", "0..", "..0", "1..2", "none", "*", "[", "'", "\"", "é");

    @TempDir
    Path folder;

    private static List<String> taken(String command) {
        CommandSpec spec = Main.commandLine().getSubcommands().get(command).getCommandSpec();
        return spec.options().stream()
                .filter(option -> option.arity().max() > 0 && !LEFT_OUT.contains(option.longestName()))
                .map(OptionSpec::longestName)
                .sorted()
                .toList();
    }

    static Stream<String> commands() {
        return EveryCommand.quick().filter(name -> !taken(name).isEmpty());
    }

    @ParameterizedTest
    @MethodSource("commands")
    void hostileValueIsTakenOrRefused(String command) throws IOException {
        List<String> options = taken(command);
        for (int number : Fuzz.numbers(CASES)) {
            SplittableRandom random = new SplittableRandom(command.hashCode() + number);
            String option = options.get(random.nextInt(options.size()));
            String value = VALUES.get(random.nextInt(VALUES.size()));
            List<String> arguments = new ArrayList<>(EveryCommand.arguments(command, folder));
            arguments.addAll(List.of(option + "=" + value, "--quiet", "--force", "--out", folder.resolve("out").toString()));
            assertTakenOrRefused(arguments);
        }
    }

    private void assertTakenOrRefused(List<String> arguments) {
        StringWriter stderr = new StringWriter();
        int exit = CommandLineRun.execute(new StringWriter(), stderr, arguments.toArray(String[]::new));
        assertThat(exit).as(arguments + "\n" + stderr).isIn(ExitCode.OK, ExitCode.BAD_INPUT, ExitCode.KERNEL_RULE_BROKEN, ExitCode.WORSE);
        if (exit == ExitCode.BAD_INPUT) {
            Fuzz.assertClean(arguments.toString(), stderr.toString().strip());
        }
    }

    @ParameterizedTest
    @MethodSource("positional")
    void hostileArgumentIsTakenOrRefused(String command) throws IOException {
        for (int number : Fuzz.numbers(CASES)) {
            SplittableRandom random = new SplittableRandom(command.hashCode() + number);
            assertTakenOrRefused(List.of(command, VALUES.get(random.nextInt(VALUES.size())), "--quiet", "--force", "--out",
                    folder.resolve("out").toString()));
        }
    }

    static Stream<String> positional() {
        return EveryCommand.quick().filter(name -> {
            List<? extends ArgSpec> arguments = Main.commandLine().getSubcommands().get(name).getCommandSpec().positionalParameters();
            return !arguments.isEmpty() && !name.equals("record");
        });
    }
}
