package io.janklab.workloads.cli;

import io.janklab.explore.litmus.Litmuses;
import io.janklab.kernel.config.Switch;
import io.janklab.workloads.cli.common.Choices;
import io.janklab.workloads.cli.common.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Spec;

/// `janklab completion`: what a shell needs to complete our commands and options.
@Command(
        name = "completion",
        mixinStandardHelpOptions = true,
        description = {"Prints a completion script for bash and zsh.",
                "Use it with: source <(janklab completion), where janklab is an alias or script that starts the jar."},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:success", "1:internal failure", "2:bad input"})
final class CompletionCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        nameValuesApart(spec.root());
        PrintWriter out = spec.commandLine().getOut();
        out.print(withLists(AutoComplete.bash("janklab", spec.root().commandLine())));
        out.flush();
        return ExitCode.OK;
    }

    private static String functions() {
        try (InputStream in = Objects.requireNonNull(CompletionCommand.class.getResourceAsStream("completion.sh"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Picocli completes an option's value as a whole. What is made of parts is completed by a function of our own in front of its.
    private static String withLists(String script) {
        Map<String, Iterable<String>> lists = new LinkedHashMap<>();
        lists.put("KERNELS", new Choices.Kernels());
        lists.put("DEVICES", new Choices.Devices());
        lists.put("SCENARIOS", new Choices.Scenarios());
        lists.put("LITMUSES", Litmuses.names());
        lists.put("KEYS", new Choices.Keys());
        lists.put("SWITCHES", Arrays.stream(Switch.values()).map(each -> each.key() + "=").toList());
        lists.put("VALUES", Arrays.stream(Switch.values()).flatMap(each -> each.choices().stream().map(value -> each.key() + "=" + value))
                .toList());
        String filled = functions();
        for (Map.Entry<String, Iterable<String>> list : lists.entrySet()) {
            filled = filled.replace("@" + list.getKey() + "@", String.join(" ", list.getValue()));
        }
        return script.replace("function _complete_janklab() {", "function _complete_janklab_words() {")
                .replace("\ncomplete -F _complete_janklab", "\n" + filled + "\ncomplete -F _complete_janklab");
    }

    /// Picocli keeps an option's values in a variable named for its label, so that of two options with the label `NAME|FILE` both would
    /// offer the later one's values.
    private static void nameValuesApart(CommandSpec command) {
        for (OptionSpec option : List.copyOf(command.options())) {
            if (option.completionCandidates() != null && option.group() == null) {
                command.remove(option);
                command.addOption(OptionSpec.builder(option).paramLabel(option.longestName().substring(2)).build());
            }
        }
        command.subcommands().values().forEach(each -> nameValuesApart(each.getCommandSpec()));
    }
}
