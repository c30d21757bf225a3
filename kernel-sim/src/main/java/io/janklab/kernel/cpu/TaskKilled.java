package io.janklab.kernel.cpu;

/// Unwinds the code of a task that SIGKILL has reached; its process ends it. An error, so that no exception handler keeps the task alive.
public final class TaskKilled extends Error {
    private static final long serialVersionUID = 1;

    TaskKilled() {
        super("SIGKILL", null, false, false);
    }
}
