package io.janklab.kernel.cpu;

import io.janklab.kernel.trace.TaskState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The activity of every live task, as text: its state, the locks it holds, its stack (jstack's view of the simulated machine).
final class TaskReport {
    private final List<Task> tasks;
    private final StringBuilder text = new StringBuilder();

    TaskReport(List<Task> tasks) {
        this.tasks = tasks;
    }

    /// The failed task first, with the stack of what it threw; null if no task was running.
    String afterFailureOf(@Nullable Task failed, Throwable cause) {
        if (failed != null) {
            add(failed, cause.getStackTrace());
        }
        for (Task task : tasks) {
            if (task != failed && task.state() != TaskState.DEAD) {
                add(task, task.stackTrace());
            }
        }
        return text.toString();
    }

    private void add(Task task, StackTraceElement[] stack) {
        text.append(task).append(' ').append(task.state().letter());
        text.append(task.cpu() == null ? "" : " on cpu " + task.cpu().id()).append(", holds ").append(task.held()).append('\n');
        for (StackTraceElement frame : stack) {
            text.append("    at ").append(frame).append('\n');
        }
    }
}
