package io.janklab.workloads.cli;

import io.janklab.workloads.input.BadInput;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `janklab compare`: the same workload, seed for seed, on several kernels.
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        description = {"Runs the same workload on several kernels and compares their frames.", "Leaves result.json, report.html, metrics.txt and more in --out (default: out)."},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:success", "1:internal failure", "2:bad input", "3:a kernel rule was broken"})
final class CompareCommand implements Callable<Integer> {
    /// As many as a difference needs to stay beyond chance after the correction for a table of metrics (`Evidence`).
    private static final int DEFAULT_SEEDS = 10;

    @Mixin
    private CommonOptions common = new CommonOptions("out");

    @Mixin
    private RunOptions options;

    @Option(
            names = {"--kernels", "--kernel"},
            paramLabel = "VERSION",
            split = ",",
            defaultValue = "6.12,6.17",
            description = "Kernels; the others are compared with the first (default: ${DEFAULT-VALUE}).")
    private List<String> kernels;

    @Option(
            names = "--no-bound",
            description = "Do not run the first kernel with every lock granted at once (oracle=uncontended), the bound of all that a change of locks can win.")
    private boolean withoutBound;

    @Override
    public Integer call() {
        if (kernels.size() < 2 || new HashSet<>(kernels).size() < kernels.size()) {
            throw new BadInput("compare needs at least two different kernels, such as --kernels 6.12,6.17.");
        }
        new Job(common, options.plan(common, kernels, DEFAULT_SEEDS, !withoutBound)).run();
        return ExitCode.OK;
    }
}
