package io.janklab.workloads.cli.sweep;

import io.janklab.workloads.cli.common.CommonOptions;
import io.janklab.workloads.cli.common.ExitCode;
import io.janklab.workloads.cli.common.OutputFolder;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.sweep.Journal;
import io.janklab.workloads.sweep.Merge;
import io.janklab.workloads.sweep.Shard;
import io.janklab.workloads.sweep.Sweep;
import io.janklab.workloads.sweep.SweepInputs;
import io.janklab.workloads.sweep.SweepPlan;
import io.janklab.workloads.sweep.SweepTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
    private static final int FINDINGS_SHOWN = 20;

    @Mixin
    private CommonOptions common = new CommonOptions("sweep");

    @Mixin
    private StoreOption store = new StoreOption();

    @Parameters(paramLabel = "DIR", arity = "1..*", description = "Folders with journals of one sweep.")
    private List<Path> folders = List.of();

    @Override
    public Integer call() {
        OutputFolder folder = folder();
        Merge merge = Merge.of(folders);
        SweepPlan plan = SweepPlan.of(SweepInputs.read(merge.definition()));
        folder.write(making -> merge.write(making.resolve(Journal.NAME)));
        common.output().nothingToVerify();
        common.output().remark(merge.journals().size() + (merge.journals().size() == 1 ? " journal" : " journals") + " united; "
                + merge.twice() + " runs were made twice.");
        try (Journal journal = Journal.resume(common.output().requiredFolder().resolve(Journal.NAME))) {
            SweepTable table = new Sweep(plan, journal, Shard.ALL).table();
            SweepReport report = new SweepReport(common.output(), table, store.isParquet());
            report.write(folder, null);
            int code = report.exitCode();
            return merge.findings().isEmpty() ? code : tell(merge.findings());
        }
    }

    /// A folder that holds the journals to merge may be written into.
    private OutputFolder folder() {
        Path out = common.output().requiredFolder().toAbsolutePath().normalize();
        boolean united = folders.stream().anyMatch(folder -> folder.toAbsolutePath().normalize().equals(out));
        if (!united && !common.output().force() && Files.isRegularFile(out.resolve(Journal.NAME))) {
            throw new BadInput("--out " + common.output().requiredFolder()
                    + " holds another sweep's journal; give another folder, or --force to write there all the same.");
        }
        return united ? new OutputFolder(out) : common.output().folder(SweepFiles.JSON, "points").orElseThrow();
    }

    private int tell(List<String> findings) {
        List<String> shown = new ArrayList<>(findings.subList(0, Math.min(FINDINGS_SHOWN, findings.size())));
        common.output().warn(findings.size() + (findings.size() == 1 ? " run was" : " runs were") + " made twice, with different results: "
                + String.join("; ", shown)
                + (findings.size() > FINDINGS_SHOWN ? "; …" : "") + ". They are left out.");
        return ExitCode.RUNS_DISAGREE;
    }
}
