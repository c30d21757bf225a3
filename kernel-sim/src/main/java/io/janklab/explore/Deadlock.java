package io.janklab.explore;

import io.janklab.kernel.cpu.KernelRuleBroken;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.trace.TaskState;
import java.util.List;
import java.util.stream.Collectors;

/// Tasks wait, and nobody is left to wake them.
final class Deadlock extends KernelRuleBroken {
    private static final long serialVersionUID = 1;

    Deadlock(List<Task> tasks) {
        super("deadlock: " + tasks.stream()
                .filter(task -> task.state() == TaskState.UNINTERRUPTIBLE || task.isOnCpu())
                .map(task -> task.name() + " waits and holds " + task.held())
                .collect(Collectors.joining("; ")));
    }
}
