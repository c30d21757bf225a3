package io.janklab.workloads.cli.run;

import io.janklab.workloads.cli.common.Choices;
import io.janklab.workloads.cli.common.CommonOptions;
import io.janklab.workloads.cli.plan.RunOptions;
import io.janklab.workloads.cli.plan.Side;
import io.janklab.workloads.sweep.DefaultKernels;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `janklab run`: one workload on one kernel.
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = {"Runs one workload on one kernel.",
                "Leaves result.json, report.html, metrics.txt and more in --out (default: out)."},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:success", "1:internal failure", "2:bad input", "3:a kernel rule was broken"})
public final class RunCommand implements Callable<Integer> {
    private static final int DEFAULT_SEEDS = 1;

    @Mixin
    private CommonOptions common = new CommonOptions("out");

    @Mixin
    private RunOptions options = new RunOptions();

    @Option(
            names = {"--kernel", "--as-of"},
            paramLabel = "VERSION",
            completionCandidates = Choices.Kernels.class,
            description = "Kernel, or one of its point releases as it was, such as 6.6.57 (default: ${DEFAULT-VALUE}).")
    private String kernel = DefaultKernels.ONE;

    @Option(
            names = "--program",
            paramLabel = "NAME|FILE",
            description = {
                "Run this program of threads instead of a scenario: give-back, mincore-sequential, compact-copy, compact-move, or a file;",
                "workloads/README.md tells how it is written."
            })
    private @Nullable String program;

    @Override
    public Integer call() {
        if (program != null) {
            ProgramPlan plan = new ProgramPlan(program, options.deviceOfProgram(), kernel, options.changes(), common.seed());
            return new ProgramJob(common.output(), plan).run();
        }
        return new RunJob(common.output(), options.plan(common, List.of(Side.ofKernel(kernel)), DEFAULT_SEEDS, false)).run();
    }
}
