package io.janklab.kernel.cpu;

/// Unwinds the code of a task that SIGKILL has reached; its process ends it. An error, so that no handler of exceptions keeps the dead
/// alive.
public final class TaskKilled extends Error {
    private static final long serialVersionUID = 1;

    TaskKilled() {
        super("SIGKILL", null, false, false);
    }
}
