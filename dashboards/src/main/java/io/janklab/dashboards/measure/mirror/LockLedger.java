package io.janklab.dashboards.measure.mirror;

import io.janklab.dashboards.measure.result.LockUse;
import io.janklab.dashboards.measure.result.Timeline;
import io.janklab.dashboards.measure.span.SpanRing;
import io.janklab.dashboards.measure.tally.LockTally;
import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.TracedLock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Which tasks hold and wait for which lock, mirrored from the tracepoints; waits and holds are tallied as they end.
public final class LockLedger {
    private final SpanRing spans;
    private final LockQueues queues = new LockQueues();
    private final List<LockTally> tallies = new ArrayList<>();
    private Consumer<LockTally> onNewTally = tally -> {};
    private long waits;
    private int waiting;

    public LockLedger(SpanRing spans) {
        this.spans = spans;
    }

    public void onNewTally(Consumer<LockTally> listener) {
        tallies.forEach(listener);
        onNewTally = listener;
    }

    public void waitBegins(TracedLock lock, TaskMirror task, LockMode mode, long now) {
        if (task.isWaiting()) {
            queues.waitEnds(task);
            waiting--;
        }
        tally(lock, task, mode).contended(hasBounced(lock, task), lock.lastSite());
        queues.waitBegins(lock, task, mode, waits);
        task.waitFor(lock, mode, now, waits++);
        waiting++;
    }

    public void acquired(TracedLock lock, TaskMirror task, LockMode mode, long now) {
        waitEnds(lock, task, mode, now);
        tally(lock, task, mode).acquired(!lock.isGotByTrying() && hasBounced(lock, task));
        hold(lock, task, mode, now);
    }

    /// As lockdep sees it, which asks the core that acquires, not the cache.
    private static boolean hasBounced(TracedLock lock, TaskMirror task) {
        return lock.lastCpu() >= 0 && lock.lastCpu() != task.cpu();
    }

    private void hold(TracedLock lock, TaskMirror task, LockMode mode, long now) {
        task.held().add(lock, mode, now);
        queues.holdBegins(task);
    }

    /// Does nothing if `task` has not been waiting.
    public void waitEnds(TracedLock lock, TaskMirror task, LockMode mode, long now) {
        if (task.waitsFor(lock)) {
            tally(lock, task, mode).waited(now - task.waitSince(), task.callSite());
            queues.waitEnds(task);
            task.waitsNoMore();
            waiting--;
        }
    }

    /// A hold that began before the recorder was attached is unknown and not counted.
    public void released(TracedLock lock, TaskMirror task, long now) {
        int hold = task.held().indexOf(lock);
        if (hold >= 0) {
            LockMode mode = task.held().mode(hold);
            long since = task.held().since(hold);
            tally(lock, task, mode).held(now - since);
            if (waiting > 0 || now - since >= Timeline.SHORT_HOLD_NS) {
                spans.hold(task.tid(), lock, mode, since, now);
            }
            queues.holdEnds(task, hold);
            task.held().remove(hold);
        }
    }

    /// The write hold ends and a read hold begins.
    public void downgraded(TracedLock lock, TaskMirror task, long now) {
        released(lock, task, now);
        hold(lock, task, LockMode.READ, now);
    }

    /// `task` is seen again: its priority may have changed.
    public void seen(TaskMirror task) {
        if (task.priorityHasChanged()) {
            queues.rerank(task);
        }
    }

    private LockTally tally(TracedLock lock, TaskMirror task, LockMode mode) {
        LockTally known = task.family().tally(lock, mode);
        return known != null ? known : create(lock, task, mode);
    }

    private LockTally create(TracedLock lock, TaskMirror task, LockMode mode) {
        LockTally tally = task.family().createTally(lock, mode);
        tallies.add(tally);
        onNewTally.accept(tally);
        return tally;
    }

    public List<LockUse> uses() {
        return tallies.stream().map(LockTally::use).toList();
    }
}
