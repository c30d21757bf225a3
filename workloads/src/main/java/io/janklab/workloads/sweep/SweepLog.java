package io.janklab.workloads.sweep;

/// Where a sweep notes what its runs come to, and looks up what they came to before. It outlives whoever writes it.
public interface SweepLog extends AutoCloseable {
    SweepDefinition definition();

    /// Where each run stands that it has.
    RunIndex index();

    /// What came of a run that it has.
    ///
    /// @param run its place in the [index][#index]
    JournalEntry read(int run);

    /// Notes what came of a run; it is not lost any more when this returns.
    ///
    /// @throws io.janklab.workloads.input.BadInput if that is not possible
    void add(JournalEntry entry);

    @Override
    void close();
}
