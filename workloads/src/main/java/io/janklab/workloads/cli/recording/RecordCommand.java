package io.janklab.workloads.cli.recording;

import io.janklab.workloads.cli.common.CommonOptions;
import io.janklab.workloads.input.BadInput;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `janklab record`: a program on this host, through tracefs.
@Command(
        name = "record",
        mixinStandardHelpOptions = true,
        description = {
            "Records a program on this host through tracefs, to be replayed by --recording.",
            "Leaves recording.txt, ftrace text, in --out (default: recorded)."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:success", "1:internal failure", "2:bad input, or this host cannot record"})
public final class RecordCommand implements Callable<Integer> {
    private static final double DEFAULT_SECONDS = 10;

    @Mixin
    private CommonOptions common = new CommonOptions("recorded");

    @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "The program and its arguments, after --.")
    private List<String> command = List.of();

    @Option(names = "--pid", paramLabel = "PID", description = "Record a process that runs already.")
    private @Nullable Long pid;

    @Option(names = "--seconds", paramLabel = "S", description = "For how long (default: a command to its end, a process for "
            + DEFAULT_SECONDS + " s).")
    private @Nullable Double seconds;

    @Option(names = "--operation", paramLabel = "NAME",
            description = {
                "What --operation will name when it is replayed: a system call (sys_read), a marker that the program writes to",
                "trace_marker, or a function, 'uprobe FUNCTION' of the program itself or 'uprobe FILE:FUNCTION'."
            })
    private @Nullable String operation;

    @Option(names = "--buffer", paramLabel = "MIB", defaultValue = "64",
            description = "Size of the kernel's buffer for each core (default: ${DEFAULT-VALUE}).")
    private int bufferMb;

    @Option(names = "--for-android", paramLabel = "PACKAGE", description = "Record nothing; print a configuration for Perfetto on a phone.")
    private @Nullable String android;

    @Override
    public Integer call() {
        if ((seconds != null && !(seconds > 0 && seconds <= 3_600)) || bufferMb < 1 || bufferMb > 4_096) {
            throw new BadInput("--seconds lies in 0 to 3600, --buffer in 1 to 4096.");
        }
        if (android != null) {
            return new AndroidConfigJob(common.output(), android, seconds == null ? DEFAULT_SECONDS : seconds).run();
        }
        if (command.isEmpty() == (pid == null)) {
            throw new BadInput("record takes a command after --, or --pid.");
        }
        double wanted = seconds != null ? seconds : pid == null ? 0 : DEFAULT_SECONDS;
        return new RecordJob(common.output(), new RecordPlan(command, pid, wanted, operation, bufferMb)).run();
    }
}
