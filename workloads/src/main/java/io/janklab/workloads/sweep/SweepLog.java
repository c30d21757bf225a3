package io.janklab.workloads.sweep;

/// Where a sweep notes the results of its runs, and looks up earlier ones. It outlives its writer.
public interface SweepLog extends AutoCloseable {
    SweepDefinition definition();

    /// The index of its runs.
    RunIndex index();

    /// The outcome of a run that it has.
    ///
    /// @param run its place in the [index][#index]
    JournalEntry read(int run);

    /// Notes the outcome of a run, which is durable when this returns.
    ///
    /// @throws io.janklab.workloads.input.BadInput if that is not possible
    void add(JournalEntry entry);

    @Override
    void close();
}
