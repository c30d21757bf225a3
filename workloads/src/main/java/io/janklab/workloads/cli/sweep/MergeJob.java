package io.janklab.workloads.cli.sweep;

import io.janklab.workloads.cli.common.ExitCode;
import io.janklab.workloads.cli.common.Job;
import io.janklab.workloads.cli.common.Output;
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

/// The work of `merge`: unites the journals, writes the folder, reports on all runs.
record MergeJob(Output output, MergePlan plan) implements Job {
    private static final int FINDINGS_SHOWN = 20;

    @Override
    public int run() {
        OutputFolder folder = folder();
        Merge merge = Merge.of(plan.folders());
        SweepPlan sweep = SweepPlan.of(SweepInputs.read(merge.definition()));
        folder.write(making -> merge.write(making.resolve(Journal.NAME)));
        output.nothingToVerify();
        output.remark(merge.journals().size() + (merge.journals().size() == 1 ? " journal" : " journals") + " united; "
                + merge.twice() + " runs were made twice.");
        Path united = output.requiredFolder().resolve(Journal.NAME);
        try (Journal journal = Journal.resume(united)) {
            SweepTable table = new Sweep(sweep, journal, Shard.ALL).table();
            SweepReport report = new SweepReport(output, table, plan.storesRuns());
            report.write(folder.beside(united), null);
            int code = report.exitCode();
            return merge.findings().isEmpty() ? code : tell(merge.findings());
        }
    }

    /// A folder that holds the journals to merge may be written into.
    private OutputFolder folder() {
        Path out = output.requiredFolder().toAbsolutePath().normalize();
        boolean united = plan.folders().stream().anyMatch(folder -> folder.toAbsolutePath().normalize().equals(out));
        if (!united && !output.force() && Files.isRegularFile(out.resolve(Journal.NAME))) {
            throw new BadInput("--out " + output.requiredFolder()
                    + " holds another sweep's journal; give another folder, or --force to write there all the same.");
        }
        return united ? new OutputFolder(out) : output.folder(SweepFiles.JSON, "points").orElseThrow();
    }

    private int tell(List<String> findings) {
        List<String> shown = new ArrayList<>(findings.subList(0, Math.min(FINDINGS_SHOWN, findings.size())));
        output.warn(findings.size() + (findings.size() == 1 ? " run was" : " runs were") + " made twice, with different results: "
                + String.join("; ", shown)
                + (findings.size() > FINDINGS_SHOWN ? "; …" : "") + ". They are left out.");
        return ExitCode.RUNS_DISAGREE;
    }
}
