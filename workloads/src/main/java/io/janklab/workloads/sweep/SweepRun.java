package io.janklab.workloads.sweep;

import org.jspecify.annotations.Nullable;

/// Makes one run of a sweep and returns its outcome: a run that fails is an outcome too.
public final class SweepRun {
    private static final double NS_PER_S = 1e9;

    private final SweepPlan plan;
    /// Null for none.
    private final @Nullable Deadline deadline;

    /// @param longestNs how long (ns) it may take on the host; 0 for as long as it likes
    public SweepRun(SweepPlan plan, long longestNs) {
        this.plan = plan;
        this.deadline = longestNs == 0 ? null : new Deadline(longestNs);
    }

    public JournalEntry make(RunKey key) {
        long began = System.nanoTime();
        try {
            return JournalEntry.of(key.point(), new Run(plan.spec(key)).before(deadline).execute());
        } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
            return JournalEntry.failed(key, Failure.of(e), (System.nanoTime() - began) / NS_PER_S);
        }
    }
}
