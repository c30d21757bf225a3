package io.janklab.explore;

import io.janklab.kernel.Kernel;
import io.janklab.kernel.cpu.KernelRuleBroken;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.trace.TaskState;
import io.janklab.kernel.trace.TracedLock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Tasks wait and none is left to wake them: they wait for each other, in a cycle that is named, or for a task that has ended without
/// waking them.
final class Deadlock extends KernelRuleBroken {
    private static final long serialVersionUID = 1;

    Deadlock(List<Task> tasks, WaitsFor waits) {
        super("deadlock: " + describe(tasks.stream().filter(Deadlock::isStuck).toList(), waits));
    }

    /// The kernel's daemons sleep whenever they have nothing to do.
    private static boolean isStuck(Task task) {
        boolean idles = task.state() == TaskState.INTERRUPTIBLE && task.tgid() == Kernel.KERNEL_TGID;
        return task.state() == TaskState.UNINTERRUPTIBLE || task.isOnCpu() || (task.state() == TaskState.INTERRUPTIBLE && !idles);
    }

    private static String describe(List<Task> stuck, WaitsFor waits) {
        for (Task first : stuck) {
            List<Task> cycle = cycleFrom(first, stuck, waits);
            if (!cycle.isEmpty()) {
                return cycle.stream().map(task -> edge(task, stuck, waits)).collect(Collectors.joining(", "));
            }
        }
        return stuck.stream().map(task -> edge(task, stuck, waits)).collect(Collectors.joining(", "));
    }

    /// The tasks that wait for each other, `first` among them; empty if it is in no cycle.
    private static List<Task> cycleFrom(Task first, List<Task> stuck, WaitsFor waits) {
        List<Task> chain = new ArrayList<>();
        Task next = first;
        while (next != null && !chain.contains(next)) {
            chain.add(next);
            next = holder(waits.lockOf(next), next, stuck);
        }
        return next == first ? chain : List.of();
    }

    private static @Nullable Task holder(@Nullable TracedLock lock, Task waiter, List<Task> stuck) {
        return lock == null ? null : stuck.stream().filter(task -> task != waiter && task.held().contains(lock)).findFirst().orElse(null);
    }

    private static String edge(Task task, List<Task> stuck, WaitsFor waits) {
        TracedLock lock = waits.lockOf(task);
        if (lock == null) {
            return task.name() + " sleeps, holding " + task.held() + ", and no task is left to wake it";
        }
        Task holder = holder(lock, task, stuck);
        String held = holder == null ? "a task that does not wait" : holder.name();
        return task.name() + " waits for " + lock.lockClass().label() + " " + lock.name() + " held by " + held;
    }
}
