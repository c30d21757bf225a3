package io.janklab.workloads.recording.workload;

/// Whether another thread of its process had a core during a recorded call, as an [Op#TOOK] has it.
public enum Beside {
    NO,
    YES,
    /// Only at its begin, or at its end; or the thread itself lost its core.
    IN_PART;

    private static final Beside[] ALL = values();

    /// @param code of an [Op#TOOK]
    public static Beside of(long code) {
        return ALL[(int) code];
    }

    /// In an [Op#TOOK].
    public long code() {
        return ordinal();
    }
}
