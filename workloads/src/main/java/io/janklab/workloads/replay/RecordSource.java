package io.janklab.workloads.replay;

/// One pass over the records of a [HeapTrace].
@FunctionalInterface
public interface RecordSource {
    /// Fills in the next record. To be called exactly as often as the trace has records.
    void next(TraceRecord record);
}
