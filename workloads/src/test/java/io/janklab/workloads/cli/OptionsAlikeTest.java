package io.janklab.workloads.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/// Options of the same name mean the same in every command.
final class OptionsAlikeTest {
    private static final Map<String, Integer> ARITY = Map.of("--json", 0, "--quiet", 0, "--seed", 1, "--out", 1);

    private static Map<String, CommandLine> commands() {
        return Main.commandLine().getSubcommands();
    }

    static Stream<String> commandNames() {
        return commands().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("commandNames")
    void optionOfTheSameNameTakesTheSame(String command) {
        ARITY.forEach((name, arity) -> {
            OptionSpec option = commands().get(command).getCommandSpec().findOption(name);
            if (option != null) {
                assertThat(option.arity().max()).as("%s %s", command, name).isEqualTo(arity);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"compare", "run", "replay", "sweep", "scale"})
    void whatSimulatesHasThemAll(String command) {
        assertThat(ARITY.keySet()).allSatisfy(name -> assertThat(commands().get(command).getCommandSpec().findOption(name)).as(name).isNotNull());
    }

    @ParameterizedTest
    @MethodSource("commandNames")
    void everyCommandHasHelp(String command) {
        StringWriter stdout = new StringWriter();
        CommandLine all = Main.commandLine();
        all.setOut(new PrintWriter(stdout));

        assertThat(all.execute(command, "--help")).isZero();
        assertThat(stdout.toString()).contains("Usage: janklab " + command);
    }

    @Test
    void completionKnowsEveryCommand() {
        StringWriter stdout = new StringWriter();
        CommandLine all = Main.commandLine();
        all.setOut(new PrintWriter(stdout));

        assertThat(all.execute("completion")).isZero();
        assertThat(stdout.toString()).contains(commandNames().toList());
    }
}
