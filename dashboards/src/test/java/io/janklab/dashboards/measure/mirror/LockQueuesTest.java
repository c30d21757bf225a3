package io.janklab.dashboards.measure.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.dashboards.TraceScript;
import io.janklab.dashboards.measure.RunRecorder;
import io.janklab.dashboards.measure.span.SpanRing;
import io.janklab.kernel.trace.LockClass;
import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.TracedLock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class LockQueuesTest {
    private static final int TASKS = 12;
    private static final int STEPS = 20_000;
    private static final long SEED = 22;

    private final TraceScript trace = new TraceScript(new RunRecorder(TraceScript.APP));
    private final LockLedger ledger = new LockLedger(new SpanRing());
    private final Blockers blockers = new Blockers();
    private final List<TaskMirror> tasks = new ArrayList<>();
    private final List<TracedLock> locks = Stream.generate(() -> TraceScript.lock(LockClass.MMAP_LOCK)).limit(3).toList();

    /// Random waits, holds and releases; after each step every waiter finds the blocker that a scan of all tasks would find.
    @Test
    void whoIsInTheWayIsWhomALookAtAllTasksWouldFind() {
        TaskTable table = new TaskTable(new SpanRing());
        for (int i = 0; i < TASKS; i++) {
            tasks.add(table.add(trace.task("task " + i, i % 4), 0));
        }
        SplittableRandom random = new SplittableRandom(SEED);
        for (int step = 0; step < STEPS; step++) {
            LockMode mode = random.nextInt(3) == 0 ? LockMode.WRITE : LockMode.READ;
            act(tasks.get(random.nextInt(TASKS)), locks.get(random.nextInt(3)), mode, step / 2);
            for (TaskMirror waiter : tasks) {
                if (waiter.isWaiting()) {
                    blockers.find(waiter);
                    String as = "step " + step + " of seed " + SEED;
                    assertThat(blockers.ahead()).as(as).isSameAs(ahead(waiter));
                    assertThat(blockers.holder()).as(as)
                            .isSameAs(holder(waiter, waiter.wantedMode() == LockMode.WRITE || ahead(waiter) != null));
                }
            }
        }
    }

    /// A task that waits gets its lock if that is free; else it releases the lock if it has it, or begins to wait for it.
    private void act(TaskMirror task, TracedLock lock, LockMode mode, long now) {
        if (task.isWaiting()) {
            boolean free = holder(task, task.wantedMode() == LockMode.WRITE) == null;
            if (free) {
                ledger.acquired(task.wantedLock(), task, task.wantedMode(), now);
            }
        } else if (task.held().indexOf(lock) >= 0) {
            ledger.released(lock, task, now);
        } else {
            ledger.waitBegins(lock, task, mode, now);
        }
    }

    private TaskMirror ahead(TaskMirror waiter) {
        long end = waiter.waitNumber();
        if (waiter.wantedMode() == LockMode.READ) {
            end = waitsFor(waiter.wantedLock())
                    .filter(other -> other.wantedMode() == LockMode.WRITE && other.waitNumber() < waiter.waitNumber())
                    .mapToLong(other -> other.waitNumber() + 1)
                    .max()
                    .orElse(0);
        }
        long before = end;
        return waitsFor(waiter.wantedLock())
                .filter(other -> other.waitNumber() < before)
                .min(Comparator.comparingInt((TaskMirror other) -> -other.prio()).thenComparingLong(TaskMirror::waitNumber))
                .orElse(null);
    }

    private Stream<TaskMirror> waitsFor(TracedLock lock) {
        return tasks.stream().filter(task -> task.waitsFor(lock));
    }

    private TaskMirror holder(TaskMirror waiter, boolean exclusive) {
        TracedLock lock = waiter.wantedLock();
        return tasks.stream()
                .filter(other -> other != waiter && other.held().indexOf(lock) >= 0)
                .filter(other -> exclusive || other.held().mode(other.held().indexOf(lock)) == LockMode.WRITE)
                .min(Comparator.comparingInt((TaskMirror other) -> -other.prio())
                        .thenComparingLong(other -> other.held().since(other.held().indexOf(lock)))
                        .thenComparingInt(TaskMirror::tid))
                .orElse(null);
    }
}
