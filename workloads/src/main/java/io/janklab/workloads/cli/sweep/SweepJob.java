package io.janklab.workloads.cli.sweep;

import io.janklab.workloads.cli.common.Farewell;
import io.janklab.workloads.cli.common.Output;
import io.janklab.workloads.cli.common.OutputFolder;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.sweep.Journal;
import io.janklab.workloads.sweep.RunKey;
import io.janklab.workloads.sweep.Shard;
import io.janklab.workloads.sweep.Sweep;
import io.janklab.workloads.sweep.SweepDefinition;
import io.janklab.workloads.sweep.SweepInputs;
import io.janklab.workloads.sweep.SweepPlan;
import java.util.List;
import java.util.function.Consumer;

/// The work of `sweep`: makes the runs that its journal does not have, reports on all.
record SweepJob(SweepPlace place, SweepTask task) {
    /// @return the exit code
    int begin(SweepPlan plan) {
        OutputFolder folder = place.folder(task.shard());
        try (Journal journal = place.begin(plan.definition())) {
            return run(plan, journal, folder);
        }
    }

    /// @param check refuses a definition other than what was asked
    /// @return the exit code
    int goOn(Consumer<SweepDefinition> check) {
        OutputFolder folder = place.folder(task.shard());
        try (Journal journal = place.resume()) {
            if (journal.isTorn()) {
                place.output().warn(place.journal() + ": the last line was never finished; it is dropped, and its run is repeated.");
            }
            check.accept(journal.definition());
            return run(planOf(journal), journal, folder);
        }
    }

    private SweepPlan planOf(Journal journal) {
        SweepInputs inputs = SweepInputs.read(journal.definition());
        try {
            return SweepPlan.of(inputs);
        } catch (BadInput e) {
            throw BadInput.at(place.journal().toString(), 1, e.getMessage());
        }
    }

    private int run(SweepPlan plan, Journal journal, OutputFolder folder) {
        Output output = place.output();
        plan.notes().forEach(output::remark);
        Sweep sweep = new Sweep(plan, journal, task.shard());
        List<RunKey> missing = sweep.missing(task.retriesFailed());
        output.remark(runs(missing) + " to make, " + task.engine());
        SweepMeters meters = new SweepMeters();
        make(output, sweep, missing, meters);
        output.verify(sweep.digests(), () -> sweep.again(task.engine()));
        SweepReport report = new SweepReport(output, sweep.table(), task.storesRuns());
        if (task.shard() == Shard.ALL) {
            report.write(folder.beside(place.journal()), meters);
        } else {
            output.remark("Shard " + task.shard() + ": " + missing.size() + " runs made; " + task.shard().journalName() + " in "
                    + output.folderName() + " has all of its runs. janklab merge unites it with the others.");
        }
        place.deliver();
        return report.exitCode();
    }

    private static String runs(List<RunKey> missing) {
        return missing.size() + (missing.size() == 1 ? " run" : " runs");
    }

    private void make(Output output, Sweep sweep, List<RunKey> missing, SweepMeters meters) {
        try (Farewell _ = new Farewell(output, "interrupted; the runs that have ended are kept: janklab sweep --resume --out "
                        + output.folderName() + " continues.");
                SweepProgress progress = new SweepProgress(missing.size(), output.isSilent(), meters)) {
            sweep.run(task.engine(), missing, progress);
        }
    }
}
