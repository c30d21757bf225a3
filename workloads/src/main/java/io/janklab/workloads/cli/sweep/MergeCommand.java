package io.janklab.workloads.cli.sweep;

import io.janklab.workloads.cli.common.CommonOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `janklab merge`: one sweep of many journals.
@Command(
        name = "merge",
        mixinStandardHelpOptions = true,
        description = {
            "Unites the journals of a sweep's shards, whichever machines wrote them.",
            "Leaves journal.jsonl with its sweep.csv and sweep.json in --out (default: sweep).",
            "A run that was made twice must have the same result, which checks determinism across machines.",
            "A run that did not is left out; sweep --resume makes it again."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:success", "1:internal failure", "2:bad input", "3:a kernel rule was broken in a run",
                "5:a run made twice had different results"})
public final class MergeCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common = new CommonOptions("sweep");

    @Mixin
    private StoreOption store = new StoreOption();

    @Parameters(paramLabel = "DIR", arity = "1..*", description = "Folders with journals of one sweep.")
    private List<Path> folders = List.of();

    @Override
    public Integer call() {
        return new MergeJob(common.output(), new MergePlan(folders, store.isParquet())).run();
    }
}
