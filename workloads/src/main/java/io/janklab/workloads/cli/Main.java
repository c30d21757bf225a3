package io.janklab.workloads.cli;

import io.janklab.dashboards.report.text.TerminalWidth;
import io.janklab.dashboards.report.text.Wrap;
import io.janklab.kernel.cpu.KernelRuleBroken;
import io.janklab.kernel.cpu.PolicyMistake;
import io.janklab.kernel.cpu.TaskFailure;
import io.janklab.workloads.cli.common.DoneTwice;
import io.janklab.workloads.cli.common.ExitCode;
import io.janklab.workloads.cli.common.Misuse;
import io.janklab.workloads.cli.explore.ExploreCommand;
import io.janklab.workloads.cli.host.CalibrateCommand;
import io.janklab.workloads.cli.host.ConformCommand;
import io.janklab.workloads.cli.host.ValidateCommand;
import io.janklab.workloads.cli.live.ServeCommand;
import io.janklab.workloads.cli.recording.ImportCommand;
import io.janklab.workloads.cli.recording.RecordCommand;
import io.janklab.workloads.cli.replay.ReplayCommand;
import io.janklab.workloads.cli.run.CompareCommand;
import io.janklab.workloads.cli.run.DiffCommand;
import io.janklab.workloads.cli.run.RunCommand;
import io.janklab.workloads.cli.sweep.MergeCommand;
import io.janklab.workloads.cli.sweep.SweepCommand;
import io.janklab.workloads.cli.whatif.AdviseCommand;
import io.janklab.workloads.cli.whatif.ExplainCommand;
import io.janklab.workloads.cli.whatif.MapCommand;
import io.janklab.workloads.cli.whatif.ScaleCommand;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.input.FilePath;
import io.janklab.workloads.input.HostFailure;
import io.janklab.workloads.input.OneLine;
import io.janklab.workloads.input.OwnClass;
import io.janklab.workloads.program.Standstill;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/// `janklab`: the command line.
@Command(
        name = "janklab",
        description = "Predicts how Linux mm locking and allocator purging move an Android app's jank.",
        mixinStandardHelpOptions = true,
        version = "janklab 0.1.0",
        subcommands = {
            CompareCommand.class,
            RunCommand.class,
            DiffCommand.class,
            ReplayCommand.class,
            SweepCommand.class,
            AdviseCommand.class,
            ExplainCommand.class,
            MapCommand.class,
            MergeCommand.class,
            ScaleCommand.class,
            ServeCommand.class,
            ExploreCommand.class,
            ConformCommand.class,
            RecordCommand.class,
            ImportCommand.class,
            CalibrateCommand.class,
            DashboardsCommand.class,
            ValidateCommand.class,
            ListCommand.class,
            ShowCommand.class,
            CompletionCommand.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:success", "1:internal failure", "2:bad input", "3:a kernel rule was broken", "4:conform: the kernels disagree",
                "5:merge: a run made twice had different results", "6:diff: a metric is worse"})
public final class Main implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    /// Without a subcommand: show what there is.
    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    public static void main(String[] args) {
        // Numbers are for programs and engineers, independent of the locale.
        Locale.setDefault(Locale.ROOT);
        // No library logs anything here, and SLF4J need not report so on stderr.
        System.setProperty("slf4j.internal.verbosity", System.getProperty("slf4j.internal.verbosity", "ERROR"));
        StandardOutput stdout = StandardOutput.replace();
        Standstill.endEndless(Main::end);
        int exit = execute(args);
        IOException lost = stdout.failure();
        if (lost != null) {
            System.err.println("janklab: " + OneLine.sentence("stdout cannot be written (" + lost.getMessage() + ")."));
        }
        System.exit(lost != null && exit == ExitCode.OK ? ExitCode.BAD_INPUT : exit);
    }

    /// A thread that a user's own class keeps cannot be stopped but with the process.
    private static void end(String sentence) {
        System.err.println("janklab: " + OneLine.sentence(sentence));
        System.exit(ExitCode.BAD_INPUT);
    }

    /// Runs the command and returns its [ExitCode].
    static int execute(String... args) {
        return onTerminal(System.getenv("COLUMNS"), args);
    }

    private static int onTerminal(@Nullable String columns, String... args) {
        try {
            return TerminalWidth.of(columns, () -> commandLine().execute(args));
        } catch (Exception e) {
            throw new IllegalStateException("a command handles its own failures", e);
        }
    }

    static CommandLine commandLine() {
        CommandLine.tracer().setLevel(CommandLine.TraceLevel.OFF);
        CommandLine commandLine = new CommandLine(new Main());
        HelpText.of(commandLine);
        commandLine.registerConverter(Path.class, Main::path);
        commandLine.setParameterExceptionHandler(Main::badOption);
        commandLine.setExecutionExceptionHandler(Main::failed);
        commandLine.setExecutionStrategy(Main::executeLast);
        return commandLine;
    }

    private static Path path(String text) {
        try {
            return FilePath.of(text);
        } catch (BadInput e) {
            throw new TypeConversionException(e.getMessage());
        }
    }

    /// @throws ParameterException if an option that takes a list has got separators alone
    private static int executeLast(CommandLine.ParseResult parsed) {
        for (CommandLine.ParseResult each = parsed; each != null; each = each.subcommand()) {
            for (OptionSpec option : each.matchedOptions()) {
                if (option.getValue() instanceof Collection<?> values && values.isEmpty()) {
                    throw new ParameterException(each.commandSpec().commandLine(), "expected a value for option '" + option.longestName()
                            + "', not '" + String.join(" ", option.originalStringValues()) + "'");
                }
            }
        }
        return new CommandLine.RunLast().execute(parsed);
    }

    private static void complain(PrintWriter err, String sentence) {
        err.println(Wrap.complaint("janklab: " + sentence));
        err.flush();
    }

    private static int badOption(ParameterException e, String[] args) {
        complain(e.getCommandLine().getErr(), OneLine.sentence(Misuse.sentence(e)));
        return ExitCode.BAD_INPUT;
    }

    private static int failed(Exception e, CommandLine commandLine, CommandLine.ParseResult parseResult) {
        PrintWriter err = commandLine.getErr();
        if (e instanceof BadInput bad) {
            bad.sentences().forEach(sentence -> complain(err, sentence));
            return ExitCode.BAD_INPUT;
        }
        if (isOutOfHostMemory(e)) {
            long mib = Runtime.getRuntime().maxMemory() >> 20;
            complain(err, "this needs more of the host's memory than the " + mib + " MiB that Java may take; java -Xmx gives it more.");
            return ExitCode.BAD_INPUT;
        }
        if (e.getCause() instanceof PolicyMistake mistake && OwnClass.isOwn(mistake.policy())) {
            complain(err, OneLine.sentence(e.getMessage() + "."));
            return ExitCode.BAD_INPUT;
        }
        if (e instanceof TaskFailure failure && e.getCause() instanceof KernelRuleBroken) {
            err.println("janklab: the simulated kernel broke a rule of its own: " + e.getMessage());
            err.print(failure.report());
            err.flush();
            return ExitCode.KERNEL_RULE_BROKEN;
        }
        Optional<String> own = OwnClass.failure(e);
        if (own.isPresent()) {
            complain(err, OneLine.sentence(own.get() + "."));
            return ExitCode.BAD_INPUT;
        }
        if (e instanceof DoneTwice && !OwnClass.found().isEmpty()) {
            complain(err, OneLine.sentence(e.getMessage() + ": a policy of your own (" + String.join(", ", OwnClass.found())
                    + ") decides by something that differs from run to run, such as a static list that it changes or the order of a "
                    + "HashSet."));
            return ExitCode.BAD_INPUT;
        }
        Optional<String> reason = HostFailure.reason(e);
        if (reason.isPresent()) {
            complain(err, OneLine.sentence("this host does not let a file be read or written (" + reason.get() + ")."));
            return ExitCode.BAD_INPUT;
        }
        err.println("janklab: internal failure; please report it with the lines below.");
        e.printStackTrace(err);
        err.flush();
        return ExitCode.INTERNAL_FAILURE;
    }

    private static boolean isOutOfHostMemory(@Nullable Throwable e) {
        return e != null && (e instanceof OutOfMemoryError || isOutOfHostMemory(e.getCause()));
    }
}
