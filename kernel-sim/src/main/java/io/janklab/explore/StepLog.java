package io.janklab.explore;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.interleave.Shared;
import java.util.ArrayList;
import java.util.List;

/// The steps of one run in words.
final class StepLog {
    private final Execution execution;
    private final List<Step> steps = new ArrayList<>();

    StepLog(Execution execution) {
        this.execution = execution;
    }

    /// The running actor has been let through to an access.
    void accessed(Shared kind, long id, Object what, boolean write) {
        int actor = execution.current();
        Task task = execution.taskOf(actor);
        String who = task == null ? execution.name(actor) : task.name();
        String held = task == null ? "" : task.held().toString();
        steps.add(new Step(execution.steps(), execution.name(actor), who, (write ? "writes " : "reads ") + Subject.of(kind, id, what), held));
    }

    List<Step> steps() {
        return steps;
    }
}
