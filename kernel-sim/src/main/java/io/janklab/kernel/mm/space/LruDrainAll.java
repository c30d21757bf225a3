package io.janklab.kernel.mm.space;

import io.janklab.kernel.cpu.CpuSet;
import io.janklab.kernel.cpu.Scheduler;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.TaskAttributes;
import io.janklab.kernel.mm.page.LruBatches;

/// Empties the LRU batches of every core and waits for it: on each core that has any, a kworker must run (Linux `mm/swap.c`,
/// `lru_add_drain_all`).
///
/// Where schedules are explored the caller empties them in the workers' place, core by core, each core's in one step: it would wait for the
/// workers all the while.
final class LruDrainAll {
    private static final int KERNEL_TGID = 0;

    private final Scheduler scheduler;
    private final LruBatches batches;
    private int pending;

    private LruDrainAll(Scheduler scheduler, LruBatches batches) {
        this.scheduler = scheduler;
        this.batches = batches;
    }

    /// The caller may hold mmap_lock; it sleeps in D state.
    static void run(Task task, Scheduler scheduler, LruBatches batches) {
        if (scheduler.interleaving().isExploring()) {
            batches.drainAll();
        } else {
            new LruDrainAll(scheduler, batches).run(task);
        }
    }

    private void run(Task task) {
        for (int cpu = 0; cpu < scheduler.cpuCount(); cpu++) {
            if (batches.hasAny(cpu)) {
                pending++;
                TaskAttributes bound = TaskAttributes.normal(0, new CpuSet(1L << cpu));
                scheduler.spawn(scheduler.newTid(), KERNEL_TGID, "kworker/" + cpu + ":mm", "kernel", bound, worker -> drain(worker, task));
            }
        }
        while (pending > 0) {
            task.blockUninterruptible(false);
        }
    }

    private void drain(Task worker, Task waiter) {
        batches.drain(worker);
        worker.settle();
        pending--;
        waiter.wake(worker);
    }
}
