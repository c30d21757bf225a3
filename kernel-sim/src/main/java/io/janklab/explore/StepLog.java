package io.janklab.explore;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.interleave.Shared;
import io.janklab.kernel.trace.Tracepoints;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The steps of one run in words.
public final class StepLog {
    private final Actors actors;
    /// In which each access is a slice; null if none is wanted.
    private final @Nullable Tracepoints trace;
    private final List<Step> steps = new ArrayList<>();

    /// The actor whose slice is open in the trace, if there is one.
    private @Nullable Task sliced;

    StepLog(Actors actors, @Nullable Tracepoints trace) {
        this.actors = actors;
        this.trace = trace;
    }

    /// The running actor makes an access.
    ///
    /// @param number of the step
    void accessed(int number, int actor, Shared kind, long id, Object what, int mode) {
        Task task = actors.taskOf(actor);
        String who = task == null ? actors.name(actor) : task.name();
        String held = task == null ? "" : task.held().toString();
        Step step = new Step(number, actors.name(actor), who, does(mode) + Subject.of(kind, id, what), held);
        steps.add(step);
        if (trace != null) {
            endSlice();
            beginSlice(trace, task, step);
        }
    }

    private static String does(int mode) {
        return switch (mode) {
            case AccessLog.READ -> "reads ";
            case AccessLog.ADD -> "counts in ";
            default -> "writes ";
        };
    }

    /// Up to the next access of any actor.
    private void beginSlice(Tracepoints into, @Nullable Task task, Step step) {
        if (task != null) {
            into.sliceBegin(task.now(), task, step.does(), step.number());
            sliced = task;
        }
    }

    /// The run has ended, or an actor makes the next access.
    void endSlice() {
        if (trace != null && sliced != null) {
            trace.sliceEnd(sliced.now(), sliced);
            sliced = null;
        }
    }

    public List<Step> steps() {
        return steps;
    }
}
