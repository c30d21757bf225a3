package io.janklab.dashboards.measure.result;

import io.janklab.kernel.trace.TaskState;

/// The state of the task at the end of a chain while the others wait for it.
public enum HolderActivity {
    RUNNING("running"),
    /// Runnable, but not running: preempted, or woken and not yet on a CPU.
    PREEMPTED("preempted"),
    /// Asleep, and not on a lock.
    BLOCKED("blocked");

    private final String word;

    HolderActivity(String word) {
        this.word = word;
    }

    public String word() {
        return word;
    }

    public static HolderActivity of(TaskState state) {
        return switch (state) {
            case RUNNING -> RUNNING;
            case RUNNABLE -> PREEMPTED;
            case INTERRUPTIBLE, UNINTERRUPTIBLE, DEAD -> BLOCKED;
        };
    }
}
