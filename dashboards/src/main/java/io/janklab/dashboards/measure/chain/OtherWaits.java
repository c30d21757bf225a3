package io.janklab.dashboards.measure.chain;

import io.janklab.dashboards.measure.mirror.TaskMirror;
import io.janklab.kernel.trace.TracedLock;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The waits of all tasks but the watched ones. Only those under way are examined, and only by events that concern them.
///
/// With more than [#CROWD] waits at once, each event examines a few in turn, whichever it concerns: all of their time is charged, but their
/// blockers are known a little late. So the cost of an event does not depend on the number of waits.
public final class OtherWaits {
    static final int CROWD = 64;
    private static final int IN_TURN = 8;

    /// By tid; null for the watched.
    private LockWait[] byTid = new LockWait[64];
    private LockWait[] underWay = new LockWait[16];
    private int count;
    private int turn;

    /// Looks after the waits of a task that is not watched.
    public void add(LockWait wait) {
        int tid = wait.task().tid();
        if (tid >= byTid.length) {
            byTid = Arrays.copyOf(byTid, Math.max(tid + 1, byTid.length * 2));
        }
        byTid[tid] = wait;
    }

    /// `task` has died.
    public void forget(TaskMirror task) {
        if (task.tid() < byTid.length) {
            byTid[task.tid()] = null;
        }
    }

    private @Nullable LockWait of(TaskMirror task) {
        return task.tid() < byTid.length ? byTid[task.tid()] : null;
    }

    /// `task` has begun or ceased to wait for or to hold `lock`.
    public void lockChanged(long now, TracedLock lock, TaskMirror task) {
        LockWait own = of(task);
        if (task.isWaiting() && own != null && !own.isUnderWay()) {
            begin(own, now);
        }
        if (count > CROWD) {
            updateSome(now, own);
            return;
        }
        for (int i = count - 1; i >= 0; i--) {
            if (underWay[i].concerns(lock, task)) {
                update(underWay[i], now);
            }
        }
    }

    public void stateChanged(long now, TaskMirror changed) {
        if (count > CROWD) {
            updateSome(now, of(changed));
            return;
        }
        for (int i = count - 1; i >= 0; i--) {
            if (underWay[i].concerns(changed)) {
                update(underWay[i], now);
            }
        }
    }

    private void updateSome(long now, @Nullable LockWait own) {
        if (own != null && own.isUnderWay()) {
            update(own, now);
        }
        for (int i = 0; i < IN_TURN && count > 0; i++) {
            turn = turn + 1 < count ? turn + 1 : 0;
            update(underWay[turn], now);
        }
    }

    private void begin(LockWait wait, long now) {
        if (count == underWay.length) {
            underWay = Arrays.copyOf(underWay, count * 2);
        }
        wait.isUnderWayAt(count);
        underWay[count++] = wait;
        wait.close(now);
    }

    private void update(LockWait wait, long now) {
        wait.close(now);
        wait.look(now);
        if (!wait.task().isWaiting()) {
            end(wait);
        }
    }

    private void end(LockWait wait) {
        LockWait last = underWay[--count];
        underWay[count] = null;
        last.isUnderWayAt(wait.place());
        underWay[wait.place()] = last;
        wait.isUnderWayAt(LockWait.NOWHERE);
    }

    /// Charges all time up to `now`.
    public void close(long now) {
        forEach(wait -> wait.close(now));
    }

    public void forEach(Consumer<LockWait> action) {
        for (int i = 0; i < count; i++) {
            action.accept(underWay[i]);
        }
    }
}
