package io.janklab.workloads.recording.workload;

/// How a sleep that no recorded thread ends is replayed.
public enum Sleep {
    /// Until the time at which it ended: a vsync, a timer set to a time.
    UNTIL,
    /// For as long as it took: a timer set for a duration.
    FOR,
    /// A timer; its thread's regularity decides which of the two.
    TIMER,
    /// For as long as it took: storage, the network, a process that is not replayed.
    ANSWER,
    /// For as long as it took: nothing is known about it.
    UNKNOWN;

    private static final Sleep[] ALL = values();

    public static Sleep of(long code) {
        return ALL[(int) code];
    }
}
