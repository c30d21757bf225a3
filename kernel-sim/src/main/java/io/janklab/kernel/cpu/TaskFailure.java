package io.janklab.kernel.cpu;

import org.jspecify.annotations.Nullable;

/// Something thrown by simulated code, with what is needed to reproduce it: task, virtual time, seed, and what every live task was doing.
public final class TaskFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String report;

    private TaskFailure(String who, @Nullable Task task, Scheduler scheduler, Throwable cause) {
        super(who + " failed at " + scheduler.simulation().now() + " ns, seed " + scheduler.simulation().seed() + ": "
                + cause.getMessage(), cause);
        this.report = new TaskReport(scheduler.tasks()).afterFailureOf(task, cause);
    }

    static TaskFailure of(Task task, Scheduler scheduler, Throwable cause) {
        return new TaskFailure(task.toString(), task, scheduler, cause);
    }

    /// The same for what an interrupt or an RCU callback threw.
    public static TaskFailure outsideTasks(Scheduler scheduler, KernelRuleBroken cause) {
        return new TaskFailure("an interrupt", null, scheduler, cause);
    }

    /// The failed task and every other live one: state, core, locks held, stack.
    public String report() {
        return report;
    }
}
