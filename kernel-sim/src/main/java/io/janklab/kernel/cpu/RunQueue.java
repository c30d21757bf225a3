package io.janklab.kernel.cpu;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The tasks that wait for one core: real-time ones by priority, normal ones by EEVDF (Linux 6.12 `kernel/sched/fair.c`).
///
/// The running task is not in here, but takes part in the fair average. Queues are short (a handful), so scans are cheapest; only the load,
/// which every core is asked for, is kept.
final class RunQueue {
    private static final Task[] NONE = {};

    private final long slice;

    /// The delayed ones among them.
    private Task[] fair = NONE;
    private int fairCount;
    /// The sum of their weights, which change only while they are not here.
    private long load;
    private int delayedCount;
    private Task[] realTime = NONE;
    private int realTimeCount;
    /// Where a task joins an empty queue.
    private long lastAverage;

    /// @param slice base slice in ns
    RunQueue(long slice) {
        this.slice = slice;
    }

    /// Whether no task waits.
    boolean isEmpty() {
        return size() == 0;
    }

    /// How many wait.
    int size() {
        return fairCount - delayedCount + realTimeCount;
    }

    boolean hasDelayed() {
        return delayedCount > 0;
    }

    /// The sum of the normal tasks' weights.
    long load() {
        return load;
    }

    /// Queues a task that was asleep or is new; `running` is the core's current task, or null.
    void enqueueWoken(Task task, @Nullable Task running) {
        if (task.fair.delayed) {
            requeueDelayed(task, running);
            return;
        }
        if (!task.isRealTime()) {
            place(task.fair, running);
        }
        add(task);
    }

    /// Queues a task that was running until now; a real-time one stays ahead of its equals.
    void enqueuePreempted(Task task) {
        add(task);
        if (task.isRealTime()) {
            System.arraycopy(realTime, 0, realTime, 1, realTimeCount - 1);
            realTime[0] = task;
        }
    }

    private void add(Task task) {
        if (task.isRealTime()) {
            realTime = realTimeCount < realTime.length ? realTime : grown(realTime);
            realTime[realTimeCount++] = task;
        } else {
            fair = fairCount < fair.length ? fair : grown(fair);
            fair[fairCount++] = task;
            load += task.fair.weight;
        }
    }

    private static Task[] grown(Task[] full) {
        return Arrays.copyOf(full, Math.max(4, full.length * 2));
    }

    /// The task that should run next and is waiting here, or null. `running` competes if it is not null; where it wins, null. A delayed
    /// task that would be next leaves instead.
    @Nullable Task pick(@Nullable Task running) {
        Task best = best(running);
        while (best != null && best.fair.delayed) {
            finishDelayed(best, running);
            best = best(running);
        }
        return best;
    }

    /// As [#pick], without letting any task leave: whether a task that has been woken takes the core from `running` at once.
    boolean outranks(Task running) {
        Task best = best(running);
        return best != null && !best.fair.delayed;
    }

    private @Nullable Task best(@Nullable Task running) {
        Task urgent = mostUrgentRealTime();
        if (urgent != null) {
            return running != null && running.isRealTime() && running.rtPriority() >= urgent.rtPriority() ? null : urgent;
        }
        if (running != null && running.isRealTime()) {
            return null;
        }
        return pickFair(running);
    }

    private @Nullable Task mostUrgentRealTime() {
        Task urgent = null;
        for (int i = 0; i < realTimeCount; i++) {
            if (urgent == null || realTime[i].rtPriority() > urgent.rtPriority()) {
                urgent = realTime[i];
            }
        }
        return urgent;
    }

    /// `pick_eevdf`: among the eligible (not ahead of the average), the earliest deadline; a running task that is eligible keeps the
    /// core until its request is served.
    private @Nullable Task pickFair(@Nullable Task running) {
        if (fairCount == 0) {
            return null;
        }
        long average = average(running);
        boolean runningEligible = running != null && running.fair.vruntime <= average;
        if (running != null && runningEligible && running.fair.protectedDeadline == running.fair.deadline) {
            return null;
        }
        Task best = null;
        for (int i = 0; i < fairCount; i++) {
            Task task = fair[i];
            if (task.fair.vruntime <= average && (best == null || task.fair.deadline < best.fair.deadline)) {
                best = task;
            }
        }
        if (best == null) {
            // Rounding may leave no task eligible; then the one that is least ahead.
            best = leastAhead();
        }
        return running != null && runningEligible && running.fair.deadline <= best.fair.deadline ? null : best;
    }

    private Task leastAhead() {
        Task best = fair[0];
        for (int i = 1; i < fairCount; i++) {
            if (fair[i].fair.vruntime < best.fair.vruntime) {
                best = fair[i];
            }
        }
        return best;
    }

    void remove(Task task) {
        if (task.isRealTime()) {
            realTimeCount = removeFrom(realTime, realTimeCount, task);
        } else {
            fairCount = removeFrom(fair, fairCount, task);
            load -= task.fair.weight;
        }
    }

    private static int removeFrom(Task[] tasks, int count, Task task) {
        for (int i = 0; i < count; i++) {
            if (tasks[i] == task) {
                System.arraycopy(tasks, i + 1, tasks, i, count - i - 1);
                tasks[count - 1] = null;
                return count - 1;
            }
        }
        throw new IllegalStateException(task + " is not queued here");
    }

    int fairCount() {
        return fairCount;
    }

    /// The `index`-th normal task, which waits unless it is delayed.
    Task fairTask(int index) {
        return fair[index];
    }

    /// The longest-waiting normal task that may run on `cpu`, or null (what an idle core pulls).
    @Nullable Task firstMovableTo(int cpu) {
        for (int i = 0; i < fairCount; i++) {
            if (!fair[i].fair.delayed && fair[i].affinity().contains(cpu)) {
                return fair[i];
            }
        }
        return null;
    }

    /// Remembers how far a normal task is behind the average as it leaves (`update_entity_lag`); `running` is the core's current task.
    void leave(Task task, @Nullable Task running) {
        FairEntity entity = task.fair;
        long average = average(running);
        long limit = entity.virtual(Math.max(2 * slice, Scheduler.TICK_NS));
        entity.lag = Math.clamp(average - entity.vruntime, -limit, limit);
        lastAverage = average;
    }

    /// The running task goes to sleep. One that is ahead of the average stays, and competes, until it no longer is, lest a short sleep
    /// undo that (`DELAY_DEQUEUE`).
    void sleep(Task task) {
        if (fairCount > 0 && task.fair.vruntime > average(task)) {
            task.fair.delayed = true;
            delayedCount++;
            add(task);
        } else {
            leave(task, task);
        }
    }

    /// A delayed task really leaves; it keeps its lead, not its lag (`DELAY_ZERO`).
    void finishDelayed(Task task, @Nullable Task running) {
        leave(task, running);
        task.fair.lag = Math.min(task.fair.lag, 0);
        remove(task);
        undelay(task);
    }

    /// A delayed task is woken: it continues where it was, or at the average if it has fallen behind (`requeue_delayed_entity`).
    private void requeueDelayed(Task task, @Nullable Task running) {
        undelay(task);
        if (task.fair.vruntime < average(running)) {
            remove(task);
            enqueueWoken(task, running);
        }
    }

    private void undelay(Task task) {
        task.fair.delayed = false;
        delayedCount--;
    }

    /// Gives a joining task its virtual time: the average less its lag, so that sleeping neither gains nor loses (`place_entity`).
    private void place(FairEntity entity, @Nullable Task running) {
        long average = average(running);
        long lag = entity.lag;
        long competing = load + (running != null && competes(running) ? running.fair.weight : 0);
        if (lag != 0 && competing > 0) {
            lag = lag * (competing + entity.weight) / competing;
        }
        entity.vruntime = average - lag;
        long request = entity.virtual(slice);
        entity.deadline = entity.vruntime + (entity.placed ? request : request / 2);
        entity.placed = true;
        entity.lag = 0;
    }

    private static boolean competes(Task running) {
        return !running.isRealTime();
    }

    /// The weighted average of virtual times (`avg_vruntime`), the running task's included.
    long average(@Nullable Task running) {
        if (fairCount == 0) {
            return running != null && competes(running) ? running.fair.vruntime : lastAverage;
        }
        long base = fair[0].fair.vruntime;
        long weights = load;
        long sum = 0;
        for (int i = 0; i < fairCount; i++) {
            FairEntity entity = fair[i].fair;
            sum += (entity.vruntime - base) * entity.weight;
        }
        if (running != null && competes(running)) {
            weights += running.fair.weight;
            sum += (running.fair.vruntime - base) * running.fair.weight;
        }
        return base + Math.floorDiv(sum, weights);
    }
}
