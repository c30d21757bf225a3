package io.janklab.workloads.recording.workload;

/// What a new thread's address space is.
public enum Spawn {
    /// That of its maker: a thread, or a vfork's child until it executes something else.
    SHARES,
    /// A copy of its maker's.
    FORKS;

    private static final Spawn[] ALL = values();

    public static Spawn of(long code) {
        return ALL[(int) code];
    }
}
