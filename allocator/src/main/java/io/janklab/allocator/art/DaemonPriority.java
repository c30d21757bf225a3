package io.janklab.allocator.art;

import io.janklab.kernel.cpu.Task;

/// Raises a daemon to nice 0 while threads are stopped for it or soon will be (`ScopedPriorityChange`, 2025); a thread that is more urgent
/// already stays as it is.
final class DaemonPriority {
    private static final int NORMAL = 0;

    private final boolean enabled;
    private final long syscallNs;
    private int usual;
    private boolean raised;

    DaemonPriority(JavaHeapOptions options) {
        this.enabled = options.priorityChanges();
        this.syscallNs = options.costs().syscallNs();
    }

    void raise(Task self) {
        if (enabled && !raised && self.nice() > NORMAL) {
            usual = self.nice();
            raised = true;
            set(self, NORMAL);
        }
    }

    void reset(Task self) {
        if (raised) {
            raised = false;
            set(self, usual);
        }
    }

    private void set(Task self, int nice) {
        self.compute(syscallNs);
        self.setNice(nice);
    }
}
