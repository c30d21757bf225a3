package io.janklab.allocator.art;

import io.janklab.kernel.cpu.Task;

/// A task that the HeapTaskDaemon runs once, not before its time (`gc::HeapTask`).
public abstract class HeapTask {
    private final long targetRunTime;
    /// Order of arrival; set by the processor.
    long arrival;

    /// @param targetRunTime the virtual time (ns) from which it may run
    protected HeapTask(long targetRunTime) {
        this.targetRunTime = targetRunTime;
    }

    public final long targetRunTime() {
        return targetRunTime;
    }

    /// Runs it, on the daemon's thread.
    protected abstract void run(Task self);
}
