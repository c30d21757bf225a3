package io.janklab.workloads.sweep;

import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/// Many runs: every point of a design with every seed, each noted in a log as it ends. Runs that the log already has are not repeated.
public final class Sweep {
    private final SweepPlan plan;
    private final SweepLog log;
    private final Shard shard;

    /// @param shard which of the runs to make
    public Sweep(SweepPlan plan, SweepLog log, Shard shard) {
        this.plan = plan;
        this.log = log;
        this.shard = shard;
    }

    /// The runs to make: those that the log does not have, the most costly first.
    ///
    /// @param retryFailed whether those that failed are made again too
    public List<RunKey> missing(boolean retryFailed) {
        RunIndex index = log.index();
        return runs(run -> !index.has(run) || (retryFailed && index.isFailed(run)));
    }

    private List<RunKey> runs(IntPredicate wanted) {
        return new Costs(plan, log.index()).costlyFirst(IntStream.range(0, plan.size()).filter(shard::has).filter(wanted));
    }

    /// Makes these runs and notes the outcome of each.
    public void run(Engine engine, List<RunKey> runs, Engine.Listener listener) {
        engine.execute(plan, runs, new Engine.Listener() {
            @Override
            public void running(int underWay) {
                listener.running(underWay);
            }

            @Override
            public void ended(JournalEntry entry, String worker) {
                note(entry);
                listener.ended(entry, worker);
            }
        });
    }

    /// A run made twice, by a retry or by speculation, is noted once.
    private void note(JournalEntry entry) {
        RunIndex index = log.index();
        int run = index.run(entry.key());
        if (!index.has(run) || index.isFailed(run)) {
            log.add(entry);
        }
    }

    /// The results of the runs that have ended, in the order of the sweep: `point 3, seed 1: digest …`.
    public List<String> digests() {
        return digests(log.index());
    }

    /// Repeats every run that has ended, beside the log, and returns what [#digests] would then return.
    public List<String> again(Engine engine) {
        RunIndex second = new RunIndex(plan.definition());
        engine.execute(plan, runs(this::hasEnded), (entry, worker) -> second.put(entry, 0, 0));
        return digests(second);
    }

    private List<String> digests(RunIndex index) {
        return IntStream.range(0, plan.size()).filter(this::hasEnded)
                .mapToObj(run -> plan.key(run) + ": digest " + index.digest(run)).toList();
    }

    private boolean hasEnded(int run) {
        return log.index().has(run) && !log.index().isFailed(run);
    }

    public SweepTable table() {
        return new SweepTable(plan, log);
    }
}
