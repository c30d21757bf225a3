package io.janklab.workloads.cli.run;

import io.janklab.workloads.cli.common.CommonOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `janklab diff`: two results, before and after.
@Command(
        name = "diff",
        mixinStandardHelpOptions = true,
        description = {
            "Compares the results of two earlier runs or comparisons, kernel by kernel and seed by seed, for continuous integration.",
            "Leaves diff.html, diff.md and diff.json in --out if that is given."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:nothing is worse", "1:internal failure", "2:bad input", "6:a metric of --fail-on is worse beyond chance"})
public final class DiffCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common = new CommonOptions();

    @Parameters(index = "0", paramLabel = "BEFORE", description = "Folder of the result before, or its result.json.")
    private Path before = Path.of("");

    @Parameters(index = "1", paramLabel = "AFTER", description = "Folder of the result after.")
    private Path after = Path.of("");

    @Option(names = "--markdown", description = "Print the summary in Markdown, and nothing else.")
    private boolean markdown;

    @Option(
            names = "--fail-on",
            paramLabel = "METRIC",
            split = ",",
            defaultValue = DiffPlan.HEADLINE,
            description =
                    "What must not be worse: headline, any, nothing, or metrics such as frames.janky, memory.rssMeanMiB (default: "
                    + "${DEFAULT-VALUE}).")
    private List<String> failOn = List.of();

    @Override
    public Integer call() {
        return new DiffJob(common.output(), new DiffPlan(before, after, markdown, failOn)).run();
    }
}
