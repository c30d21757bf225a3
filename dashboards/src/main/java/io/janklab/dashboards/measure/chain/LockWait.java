package io.janklab.dashboards.measure.chain;

import io.janklab.dashboards.measure.mirror.TaskMirror;
import io.janklab.dashboards.measure.span.SpanRing;
import io.janklab.dashboards.measure.span.Spans;
import io.janklab.dashboards.measure.tally.Chain;
import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.TaskState;
import io.janklab.kernel.trace.TracedLock;
import org.jspecify.annotations.Nullable;

/// One task's waits for locks, cut into intervals by [Chain]. [#close] charges the time since the last call to the previous chain; [#look]
/// then finds the present one.
public final class LockWait {
    static final int NOWHERE = -1;

    private final TaskMirror task;
    private final String role;
    private final ChainFinder chains;
    private final SpanRing spans;
    private final TracedLock[] links = new TracedLock[ChainFinder.MAX_LINKS];
    private int linkCount;
    private @Nullable TaskMirror end;
    private @Nullable TaskMirror behind;
    private @Nullable Chain chain;
    private @Nullable TracedLock lock;
    private @Nullable LockMode mode;
    private long number = -1;
    private long chainSince;
    private long closedAt;
    private int place = NOWHERE;

    /// @param role the task's name in chains
    public LockWait(TaskMirror task, String role, ChainFinder chains, SpanRing spans, long now) {
        this.task = task;
        this.role = role;
        this.chains = chains;
        this.spans = spans;
        this.closedAt = now;
    }

    public TaskMirror task() {
        return task;
    }

    /// Its place among the waits under way ([OtherWaits]), or [#NOWHERE].
    void isUnderWayAt(int newPlace) {
        place = newPlace;
    }

    public int place() {
        return place;
    }

    boolean isUnderWay() {
        return place != NOWHERE;
    }

    /// The chain in which it waits; null if it does not, or lacks only a CPU to take the lock.
    public @Nullable Chain chain() {
        return chain;
    }

    public void close(long now) {
        if (chain != null && now > closedAt) {
            chain.add(now - closedAt, number);
        }
        closedAt = now;
    }

    public void look(long now) {
        Chain next = task.isWaiting() ? chains.find(task, role) : null;
        if (next != null && !next.isBlocked() && task.state() == TaskState.RUNNABLE) {
            next = null;
        }
        TaskMirror nextBehind = next == null ? null : chains.behind();
        if (next != chain || nextBehind != behind || task.waitNumber() != number) {
            record(spans, now);
            begin(next, nextBehind, now);
        }
        linkCount = chains.copyLinks(links);
        end = chains.end();
    }

    private void begin(@Nullable Chain next, @Nullable TaskMirror nextBehind, long now) {
        chain = next;
        behind = nextBehind;
        if (next != null) {
            lock = task.wantedLock();
            mode = task.wantedMode();
        }
        number = task.waitNumber();
        chainSince = now;
    }

    /// Records the wait in its present state, up to `now`.
    public void record(Spans into, long now) {
        if (chain != null && lock != null && mode != null) {
            into.wait(task.tid(), lock, mode, chain, behind == null ? Spans.NOBODY : behind.tid(), chainSince, now);
        }
    }

    /// Whether the chain may have changed after `changed` has done something with `other`.
    boolean concerns(TracedLock other, TaskMirror changed) {
        for (int i = 0; i < linkCount; i++) {
            if (links[i] == other) {
                return true;
            }
        }
        return concerns(changed);
    }

    /// Whether the chain may have changed after `changed` has begun to do something else.
    boolean concerns(TaskMirror changed) {
        return changed == task || changed == end;
    }
}
