package io.janklab.workloads.cli;

import io.janklab.workloads.cli.common.ExitCode;
import java.io.PrintWriter;
import java.util.List;
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
        out.print(AutoComplete.bash("janklab", spec.root().commandLine()));
        out.flush();
        return ExitCode.OK;
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
