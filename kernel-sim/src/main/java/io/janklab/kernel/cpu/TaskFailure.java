package io.janklab.kernel.cpu;

/// Something thrown by simulated code, with what is needed to reproduce it: task, virtual time, seed, and what every live task was doing.
public final class TaskFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String report;

    TaskFailure(String message, String report, Throwable cause) {
        super(message, cause);
        this.report = report;
    }

    /// The failed task and every other live one: state, core, locks held, stack.
    public String report() {
        return report;
    }
}
