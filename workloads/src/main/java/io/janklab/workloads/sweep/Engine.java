package io.janklab.workloads.sweep;

import java.util.List;

/// Makes a sweep's runs, somewhere. What a run comes to does not depend on where.
public interface Engine {
    /// Told of the work as it goes on, one call at a time.
    interface Listener {
        /// So many runs are under way now.
        default void running(int runs) {}

        /// What came of a run; perhaps not for the first time, if it was made twice.
        ///
        /// @param worker who made it: a host, an executor
        void ended(JournalEntry entry, String worker);
    }

    /// Makes all of `runs`, begun in their order.
    ///
    /// @throws RuntimeException what `listener` threw, or why the engine cannot work; what has not ended by then is given up
    void execute(SweepPlan plan, List<RunKey> runs, Listener listener);

    /// How it works, as the end of a sentence: how many runs at once, where, with how much memory.
    @Override
    String toString();
}
