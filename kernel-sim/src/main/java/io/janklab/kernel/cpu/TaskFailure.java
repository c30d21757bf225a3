package io.janklab.kernel.cpu;

import io.janklab.sim.Simulation;

/// Something thrown by a task's code, with what is needed to find it again: task, virtual time, seed.
public final class TaskFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private TaskFailure(String message, Throwable cause) {
        super(message, cause);
    }

    static TaskFailure of(Task task, Simulation simulation, Throwable cause) {
        return new TaskFailure(
                task + " failed at " + simulation.now() + " ns, seed " + simulation.seed() + ": " + cause.getMessage(), cause);
    }
}
