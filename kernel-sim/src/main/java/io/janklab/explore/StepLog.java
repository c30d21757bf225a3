package io.janklab.explore;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.interleave.Shared;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The steps of one run in words.
final class StepLog {
    private final Execution execution;
    private final List<Step> steps = new ArrayList<>();

    /// The actor whose slice is open in the kernel's trace, where that is wanted.
    private @Nullable Task sliced;

    StepLog(Execution execution) {
        this.execution = execution;
    }

    /// The running actor has been let through to an access.
    void accessed(Shared kind, long id, Object what, int mode) {
        int actor = execution.current();
        Task task = execution.actors().taskOf(actor);
        String who = task == null ? execution.actors().name(actor) : task.name();
        String held = task == null ? "" : task.held().toString();
        Step step = new Step(execution.steps(), execution.actors().name(actor), who, does(mode) + Subject.of(kind, id, what), held);
        steps.add(step);
        if (execution.isWatched()) {
            endSlice();
            beginSlice(task, step);
        }
    }

    private static String does(int mode) {
        return switch (mode) {
            case AccessLog.READ -> "reads ";
            case AccessLog.ADD -> "counts in ";
            default -> "writes ";
        };
    }

    /// In a trace each access is a slice, up to the next access of any actor.
    private void beginSlice(@Nullable Task task, Step step) {
        if (task != null) {
            execution.kernel().tracepoints().sliceBegin(task.now(), task, step.does(), step.number());
            sliced = task;
        }
    }

    /// The run has ended, or an actor makes the next access.
    void endSlice() {
        if (sliced != null) {
            execution.kernel().tracepoints().sliceEnd(sliced.now(), sliced);
            sliced = null;
        }
    }

    List<Step> steps() {
        return steps;
    }
}
