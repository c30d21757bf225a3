package io.janklab.dashboards.perfetto;

import io.janklab.kernel.trace.TracedTask;

/// Ids and names of tasks as a phone's trace has them: pid 1 is init and pid 2 kthreadd, which readers know by their numbers, so that
/// simulated ids, which begin at 1, follow after [#OFFSET]; a thread's name is its `comm`, of which the kernel keeps 15 characters.
public final class TraceIds {
    static final int INIT = 1;
    static final int KTHREADD = 2;
    /// The offset added to every simulated id.
    public static final int OFFSET = 100;

    private static final int COMM_LENGTH = 15;
    private static final String MAIN = "main";
    private static final String BINDER = "binder:";

    private TraceIds() {}

    static int tid(TracedTask task) {
        return OFFSET + task.tid();
    }

    /// Of the process; a kernel thread is one of its own.
    static int pid(TracedTask task) {
        return OFFSET + (task.tgid() == 0 ? task.tid() : task.tgid());
    }

    /// An app's main thread has its process's name; a Binder thread has its process's id in its own, as in `binder:108_3`.
    private static String name(TracedTask task) {
        if (task.tid() == task.tgid() && task.name().equals(MAIN)) {
            return task.processName();
        }
        if (!task.name().startsWith(BINDER)) {
            return task.name();
        }
        return BINDER + pid(task) + "_" + task.name().substring(Math.max(BINDER.length(), task.name().indexOf('_') + 1));
    }

    /// `TASK_COMM_LEN` less the final zero. Of a process's name a main thread keeps the end, as Android's `setArgV0` does, of other names
    /// it is the beginning.
    static String comm(TracedTask task) {
        String name = name(task);
        if (name.length() <= COMM_LENGTH) {
            return name;
        }
        boolean ofProcess = name.equals(task.processName());
        return ofProcess ? name.substring(name.length() - COMM_LENGTH) : name.substring(0, COMM_LENGTH);
    }
}
