package io.janklab.workloads.cli;

import io.janklab.workloads.cli.common.Choices;
import io.janklab.workloads.cli.common.CommonOptions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `janklab show`: one scenario, device, kernel or litmus in full.
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = {"Shows a scenario with all its keys, a device, a kernel with its switches, or a litmus.",
                "Leaves show.json in --out, if that is given."},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:success", "1:internal failure", "2:bad input"})
final class ShowCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common = new CommonOptions();

    @Parameters(index = "0", paramLabel = "KIND", completionCandidates = Choices.Kinds.class,
            description = "scenario, device, kernel or litmus.")
    private String kind = "";

    @Parameters(index = "1", paramLabel = "NAME|FILE", description = "Which one.")
    private String name = "";

    @Override
    public Integer call() {
        return new ShowJob(common.output(), kind, name).run();
    }
}
