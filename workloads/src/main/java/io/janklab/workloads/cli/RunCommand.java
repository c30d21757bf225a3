package io.janklab.workloads.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `janklab run`: one workload on one kernel.
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = "Runs one workload on one kernel.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:success", "1:internal failure", "2:bad input", "3:a kernel rule was broken"})
final class RunCommand implements Callable<Integer> {
    private static final int DEFAULT_SEEDS = 1;

    @Spec
    private CommandSpec spec;

    @Mixin
    private RunOptions options;

    @Option(names = "--kernel", paramLabel = "VERSION", defaultValue = "6.17", description = "Kernel (default: ${DEFAULT-VALUE}).")
    private String kernel;

    @Override
    public Integer call() {
        new Job(options, spec.commandLine()).run(List.of(kernel), DEFAULT_SEEDS, false);
        return ExitCode.OK;
    }
}
