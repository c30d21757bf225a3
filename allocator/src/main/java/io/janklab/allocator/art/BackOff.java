package io.janklab.allocator.art;

import io.janklab.kernel.cpu.Task;

/// Waiting for what another thread is about to finish: `sched_yield` a few times, then a sleep that grows by 10 µs each time (`BackOff`).
final class BackOff {
    private static final int YIELDS = 5;
    private static final long SLEEP_NS = 10_000;

    private BackOff() {}

    /// @param attempt counted from 0
    static void pause(Task task, CollectorCosts costs, int attempt) {
        task.compute(costs.syscallNs());
        if (attempt > YIELDS) {
            task.sleepUntil(task.now() + (attempt - YIELDS) * SLEEP_NS);
        }
    }
}
