package io.janklab.workloads.replay;

/// An allocation trace as a replay sees it: its records one after another, in the order they happened. It need not be in memory.
public interface HeapTrace {
    /// For readers: the file's name, or how it was generated.
    String name();

    long records();

    int threadCount();

    /// The known or assumed role of a thread.
    ThreadRole role(int thread);

    /// The first thread of that name, or -1.
    default int threadNamed(String name) {
        for (int thread = 0; thread < threadCount(); thread++) {
            if (role(thread).name().equals(name)) {
                return thread;
            }
        }
        return -1;
    }

    boolean isTimed();

    /// When the call of that record began, in ns of the recording's clock.
    ///
    /// @throws RuntimeException unless [#isTimed]
    long startNs(long record);

    /// A new pass over all records; each pass yields the same.
    RecordSource open();
}
