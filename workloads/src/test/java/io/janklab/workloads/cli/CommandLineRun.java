package io.janklab.workloads.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.workloads.cli.common.ExitCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.HashSet;
import java.util.Set;
import picocli.CommandLine;

/// The command line as tests of other packages use it.
public final class CommandLineRun {
    private final StringWriter stdout = new StringWriter();
    private final StringWriter stderr = new StringWriter();
    private final int exit;

    /// Lines of it come where a host takes long.
    private static final String PROGRESS = "janklab: \\d+ of \\d+ .* after \\d+ s\\R";

    private CommandLineRun(String... arguments) {
        exit = execute(stdout, stderr, arguments);
    }

    /// Runs a command, which adds what it prints to `stdout` and `stderr`; returns its exit code.
    static int execute(StringWriter stdout, StringWriter stderr, String... arguments) {
        CommandLine commandLine = Main.commandLine();
        commandLine.setOut(new PrintWriter(stdout));
        commandLine.setErr(new PrintWriter(stderr));
        return commandLine.execute(arguments);
    }

    /// Runs a command that is expected to end well and to complain of nothing; returns what it printed.
    public static String ok(String... arguments) {
        CommandLineRun run = new CommandLineRun(arguments);
        assertThat(run.stderr.toString().replaceAll(PROGRESS, "")).isEmpty();
        assertThat(run.exit).isZero();
        return run.stdout.toString();
    }

    /// Runs a command that is expected to find a rule of the kernel broken; returns what it printed.
    public static String broken(String... arguments) {
        CommandLineRun run = new CommandLineRun(arguments);
        assertThat(run.stderr.toString()).isEmpty();
        assertThat(run.exit).isEqualTo(ExitCode.KERNEL_RULE_BROKEN);
        return run.stdout.toString();
    }

    /// Runs a command that is expected to find its input bad; returns the sentence.
    public static String bad(String... arguments) {
        CommandLineRun run = new CommandLineRun(arguments);
        assertThat(run.exit).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(run.stderr.toString().strip().lines()).hasSize(1);
        return run.stderr.toString();
    }

    /// The long options of all commands.
    public static Set<String> options() {
        Set<String> options = new HashSet<>();
        addOptions(Main.commandLine(), options);
        return options;
    }

    private static void addOptions(CommandLine command, Set<String> options) {
        command.getCommandSpec().optionsMap().keySet().stream().filter(name -> name.startsWith("--")).forEach(options::add);
        command.getSubcommands().values().forEach(each -> addOptions(each, options));
    }

    /// The arguments of the command that `words` introduce in what was printed, however it was broken into lines.
    static String[] commandAfter(String words, String printed) {
        String whole = printed.replace(" \\\n", " ");
        String command = whole.substring(whole.indexOf(words) + words.length()).strip().lines().findFirst().orElseThrow();
        return command.substring("janklab ".length()).split(" +");
    }
}
