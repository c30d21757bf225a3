package io.janklab.workloads.cli.sweep;

import io.janklab.workloads.cli.common.CommonOptions;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.sweep.LocalEngine;
import io.janklab.workloads.sweep.Shard;
import io.janklab.workloads.sweep.SweepInputs;
import io.janklab.workloads.sweep.SweepPlan;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `janklab sweep`: the same question over a range of assumptions.
@Command(
        name = "sweep",
        mixinStandardHelpOptions = true,
        description = {
            "Runs a workload for every combination of the varied keys, on all cores, and shows the effect of each.",
            "Leaves journal.jsonl, sweep.csv and sweep.json in --out (default: sweep). What has ended is in the journal at once:",
            "after a crash, --resume continues from there. A run that fails is a row of failures.csv, with the command that makes it alone."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:success, though runs may have failed", "1:internal failure", "2:bad input",
                "3:a kernel rule was broken in a run"})
public final class SweepCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common = new CommonOptions("sweep");

    @Mixin
    private SweepQuestion question = new SweepQuestion();

    @Mixin
    private EngineOptions engines = new EngineOptions();

    @Mixin
    private StoreOption store = new StoreOption();

    @Option(names = "--resume", description = "Continue the sweep whose journal is in --out, which has its question.")
    private boolean resume;

    @Option(names = "--retry-failed", description = "With --resume: make the runs that failed again too.")
    private boolean retryFailed;

    @Option(
            names = "--shard",
            paramLabel = "i/n",
            description = {
                "Make only the i-th of n equal parts of the runs, i from 0 on, into a journal of its own, which janklab merge unites with",
                "the others. With n alone, i is JOB_COMPLETION_INDEX. A shard begun again continues."
            })
    private @Nullable String shardText;

    @Override
    public Integer call() {
        Shard shard = shardText == null ? Shard.ALL : Shard.parse(shardText, System.getenv());
        SweepTask task = new SweepTask(engines.engine(), shard, retryFailed, store.isParquet());
        if (question.hasRecording() && !(task.engine() instanceof LocalEngine)) {
            throw new BadInput("--recording goes with --engine local: the file is not sent to other machines.");
        }
        try (SweepPlace place = SweepPlace.of(common.output(), common.outAsGiven(), shard.journalName(), engines.hasHadoop())) {
            SweepJob job = new SweepJob(place, task);
            boolean goesOn = resume || (shard != Shard.ALL && place.isBegun());
            return goesOn
                    ? job.goOn(before -> question.checkSame(before, common, place.output().folderName(), !resume))
                    : job.begin(SweepPlan.of(SweepInputs.read(question.asked(common))).checked());
        }
    }
}
