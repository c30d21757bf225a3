package io.janklab.kernel.trace;

/// The state of a task, as `sched_switch` reports it.
public enum TaskState {
    /// On a CPU.
    RUNNING("R"),
    /// Waiting for a CPU: woken but not yet running, or preempted (`R+`).
    RUNNABLE("R+"),
    /// Asleep, wakeable by signals (`TASK_INTERRUPTIBLE`).
    INTERRUPTIBLE("S"),
    /// Asleep in D state (`TASK_UNINTERRUPTIBLE`).
    UNINTERRUPTIBLE("D"),
    DEAD("X");

    private final String letter;

    TaskState(String letter) {
        this.letter = letter;
    }

    /// The letter `ps` and `sched_switch` print.
    public String letter() {
        return letter;
    }

    public boolean isBlocked() {
        return this == INTERRUPTIBLE || this == UNINTERRUPTIBLE;
    }
}
