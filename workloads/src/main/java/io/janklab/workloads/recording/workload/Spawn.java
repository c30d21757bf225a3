package io.janklab.workloads.recording.workload;

/// The address space of a new thread.
public enum Spawn {
    /// Its creator's: a thread, or a vfork's child until it executes something else.
    SHARES,
    /// A copy of its maker's.
    FORKS;

    private static final Spawn[] ALL = values();

    public static Spawn of(long code) {
        return ALL[(int) code];
    }
}
