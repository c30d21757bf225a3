package io.janklab.workloads.scale;

import io.janklab.kernel.cpu.Task;

/// One test case of will-it-scale.
public interface Loop {
    /// Its name there.
    String name();

    /// A description, in one line.
    String description();

    /// Loops on `task` for ever, counting in `iterations`.
    void run(Task task, Surroundings surroundings, Iterations iterations);
}
