package io.janklab.workloads.sweep;

import java.util.List;

/// Makes a sweep's runs, somewhere. The result of a run does not depend on where.
public interface Engine {
    /// Called as the work proceeds, one call at a time.
    interface Listener {
        /// `runs` runs are under way now.
        default void running(int runs) {}

        /// The outcome of a run; perhaps not for the first time, if it was made twice.
        ///
        /// @param worker that made it: a host, an executor
        void ended(JournalEntry entry, String worker);
    }

    /// Makes all of `runs`, started in their order.
    ///
    /// @throws RuntimeException what `listener` threw, or why the engine cannot work; unfinished runs are then abandoned
    void execute(SweepPlan plan, List<RunKey> runs, Listener listener);

    /// Its description, as the end of a sentence: how many runs at once, where, with how much memory.
    @Override
    String toString();
}
