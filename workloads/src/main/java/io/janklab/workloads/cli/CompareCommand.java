package io.janklab.workloads.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `janklab compare`: the same workload, seed for seed, on several kernels or under any other settings.
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        description = {"Runs the same workload on several kernels, or under any settings, and compares them.",
                "Leaves result.json, report.html, metrics.txt and more in --out (default: out)."},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:success", "1:internal failure", "2:bad input", "3:a kernel rule was broken"})
final class CompareCommand implements Callable<Integer> {
    /// As many as a difference needs to stay beyond chance after the correction for a table of metrics (`Evidence`).
    private static final int DEFAULT_SEEDS = 10;

    @Mixin
    private CommonOptions common = new CommonOptions("out");

    @Mixin
    private RunOptions options;

    @Mixin
    private SideOptions sides;

    @Option(
            names = "--no-bound",
            description =
                    "Do not run the first side with every lock granted at once (oracle=uncontended), the bound of all that a change of "
                    + "locks can win.")
    private boolean withoutBound;

    @Override
    public Integer call() {
        new Job(common, plan()).run();
        return ExitCode.OK;
    }

    /// What the options come to.
    RunPlan plan() {
        return options.plan(common, sides.list(), DEFAULT_SEEDS, !withoutBound);
    }
}
