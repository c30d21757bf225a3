package io.janklab.allocator.art;

import io.janklab.kernel.cpu.Task;

/// Waiting without a lock: `sched_yield` a few times, then a sleep that grows each time (`BackOff`). Attempts are counted from 0.
final class BackOff {
    private static final int YIELDS = 5;
    private static final long SLEEP_NS = 10_000;
    private static final int YIELDS_IF_CONTENDED = 3;
    private static final long SLEEP_IF_CONTENDED_NS = 1_000_000;

    private BackOff() {}

    /// The awaited work of another thread is about to be finished.
    static void pause(Task task, CollectorCosts costs, int attempt) {
        pause(task, costs, attempt, YIELDS, SLEEP_NS);
    }

    /// mmap_lock is contended.
    static void fromContention(Task task, CollectorCosts costs, int attempt) {
        pause(task, costs, attempt, YIELDS_IF_CONTENDED, SLEEP_IF_CONTENDED_NS);
    }

    private static void pause(Task task, CollectorCosts costs, int attempt, int yields, long sleepNs) {
        task.compute(costs.syscallNs());
        if (attempt > yields) {
            task.sleepUntil(task.now() + (attempt - yields) * sleepNs);
        }
    }
}
