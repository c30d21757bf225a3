package io.janklab.workloads.cli;

import io.janklab.workloads.cli.common.CommonOptions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `janklab list`: what the other commands accept.
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = {"Lists kernels, switches, scenarios, loops, allocators and devices.",
                "Leaves list.json in --out, if that is given."},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:success", "1:internal failure", "2:bad input"})
final class ListCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common = new CommonOptions();

    @Option(names = "--keys", description = "The keys that --set and a scenario's file take: default, range, meaning.")
    private boolean keys;

    @Option(names = "--switches", description = "The kernel's switches.")
    private boolean switches;

    @Option(names = "--heap-options", description = "The options of a native heap (replay --options, nativeHeap.options).")
    private boolean heapOptions;

    @Option(names = "--rules", description = "The kernel's safety rules.")
    private boolean rules;

    @Override
    public Integer call() {
        return new ListJob(common.output(), new ListPlan(keys, switches, heapOptions, rules)).run();
    }
}
