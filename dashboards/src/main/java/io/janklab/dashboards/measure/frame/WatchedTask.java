package io.janklab.dashboards.measure.frame;

import io.janklab.dashboards.measure.chain.LockWait;
import io.janklab.dashboards.measure.mirror.CpuTable;
import io.janklab.dashboards.measure.mirror.TaskMirror;
import io.janklab.dashboards.measure.result.Part;
import io.janklab.dashboards.measure.result.Role;
import org.jspecify.annotations.Nullable;

/// A task whose every nanosecond is accounted for: the main thread or the RenderThread of the app.
///
/// [#close] charges the time since the last call to the task's previous activity; [#classify] then determines the present one. Called in
/// that order at every event that can change the answer, they cut the task's life into intervals without gaps.
public final class WatchedTask {
    private final TaskMirror task;
    private final String role;
    private final LockWait lockWait;
    private Part part = Part.RUNNABLE;
    /// The family of the task that has its CPU while it is runnable; null if there is none.
    private @Nullable String rival;
    private final GcSlices gcSlices = new GcSlices();
    private @Nullable TaskMirror collector;
    private boolean waiting;
    private long since;
    private @Nullable Frame frame;
    /// How long of its frame's time it has slept without interruption.
    private long sleptNs;

    WatchedTask(TaskMirror task, String role, LockWait lockWait, long now) {
        this.task = task;
        this.role = role;
        this.lockWait = lockWait;
        this.since = now;
    }

    boolean isUi() {
        return role == Role.UI;
    }

    /// Whether it waits for a lock now or did at the last check.
    boolean isWaitingOrWas() {
        return waiting || task.isWaiting();
    }

    public void close(long now) {
        long ns = now - since;
        since = now;
        if (ns == 0) {
            return;
        }
        lockWait.close(now);
        if (frame != null) {
            frame.parts().add(part, lockWait.chain(), ns);
            explain(frame, ns);
            sleptNs += part == Part.SLEEP || part == Part.IO ? ns : 0;
        }
    }

    private void explain(Frame worked, long ns) {
        GcStop stop = gcSlices.stop();
        if (part == Part.OWN_WORK) {
            worked.parts().ranAt(task.place(role), ns);
        } else if (part == Part.GC_PAUSE && stop != null) {
            worked.parts().stoppedBy(stop, collector == null ? null : collector.place(collector.family().name()), ns);
        } else if (rival != null) {
            worked.parts().keptFromCpuBy(rival, ns);
        }
    }

    /// The task of the app that last began a collection.
    void collector(TaskMirror collecting) {
        collector = collecting == task ? null : collecting;
    }

    void classify(CpuTable cpus) {
        waiting = task.isWaiting();
        lockWait.look(since);
        part = partNow();
        TaskMirror onItsCpu = part == Part.RUNNABLE ? cpus.running(task.cpu()) : null;
        rival = onItsCpu == null ? null : onItsCpu.family().name();
    }

    public LockWait lockWait() {
        return lockWait;
    }

    private Part partNow() {
        if (lockWait.chain() != null) {
            return Part.LOCK_WAIT;
        }
        return switch (task.state()) {
            case RUNNING -> gcSlices.isInside() ? Part.GC_PAUSE : Part.OWN_WORK;
            case RUNNABLE -> Part.RUNNABLE;
            case INTERRUPTIBLE, DEAD -> gcSlices.isInside() ? Part.GC_PAUSE : Part.SLEEP;
            case UNINTERRUPTIBLE -> Part.IO;
        };
    }

    /// It begins a slice of that name.
    public void sliceBegin(long now, String name) {
        close(now);
        gcSlices.begin(name);
        part = partNow();
    }

    /// It ends its innermost slice.
    public void sliceEnd(long now) {
        close(now);
        gcSlices.end();
        part = partNow();
    }

    /// Its sleep, if it sleeps, ends now, thanks to `waker`.
    void sleepEndedBy(String waker, long now) {
        close(now);
        if (frame != null && sleptNs > 0) {
            frame.parts().sleepEndedBy(waker, sleptNs);
            sleptNs = 0;
        }
    }

    /// From `now` on this task's time is also `next`'s; null for no frame.
    void workOn(@Nullable Frame next, long now) {
        close(now);
        frame = next;
        sleptNs = 0;
    }

    /// The frame this task's time is charged to, or null.
    @Nullable Frame frame() {
        return frame;
    }
}
