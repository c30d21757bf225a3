package io.janklab.workloads.cli.sweep;

import io.janklab.workloads.cli.common.Farewell;
import io.janklab.workloads.cli.common.Output;
import io.janklab.workloads.cli.common.OutputFolder;
import io.janklab.workloads.sweep.Journal;
import io.janklab.workloads.sweep.RunKey;
import io.janklab.workloads.sweep.Shard;
import io.janklab.workloads.sweep.Sweep;
import io.janklab.workloads.sweep.SweepPlan;
import java.util.List;

/// The work of `sweep` from a plan and its journal to output: makes the missing runs, reports on all.
final class SweepJob {
    private final Output output;
    private final SweepPlan plan;
    private final SweepTask task;

    SweepJob(Output output, SweepPlan plan, SweepTask task) {
        this.output = output;
        this.plan = plan;
        this.task = task;
    }

    /// @param folder that already has the journal
    /// @return the exit code
    int run(Journal journal, OutputFolder folder) {
        plan.notes().forEach(output::remark);
        Sweep sweep = new Sweep(plan, journal, task.shard());
        List<RunKey> missing = sweep.missing(task.retriesFailed());
        output.remark(runs(missing) + " to make, " + task.engine());
        SweepMeters meters = new SweepMeters();
        make(sweep, missing, meters);
        output.verify(sweep.digests(), () -> sweep.again(task.engine()));
        SweepReport report = new SweepReport(output, sweep.table(), task.storesRuns());
        if (task.shard() == Shard.ALL) {
            report.write(folder, meters);
        } else {
            output.remark("Shard " + task.shard() + ": " + missing.size() + " runs made; " + task.shard().journalName() + " in "
                    + output.folderName() + " has all of its runs. janklab merge unites it with the others.");
        }
        return report.exitCode();
    }

    private static String runs(List<RunKey> missing) {
        return missing.size() + (missing.size() == 1 ? " run" : " runs");
    }

    private void make(Sweep sweep, List<RunKey> missing, SweepMeters meters) {
        try (Farewell _ = new Farewell(output, "interrupted; the runs that have ended are kept: janklab sweep --resume --out "
                        + output.folderName() + " continues.");
                SweepProgress progress = new SweepProgress(missing.size(), output.isSilent(), meters)) {
            sweep.run(task.engine(), missing, progress);
        }
    }
}
