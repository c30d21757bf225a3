package io.janklab.dashboards.measure.frame;

import io.janklab.dashboards.measure.chain.ChainFinder;
import io.janklab.dashboards.measure.chain.LockWait;
import io.janklab.dashboards.measure.mirror.CpuTable;
import io.janklab.dashboards.measure.mirror.TaskMirror;
import io.janklab.dashboards.measure.result.FrameThreads;
import io.janklab.dashboards.measure.result.Role;
import io.janklab.dashboards.measure.span.SpanRing;
import io.janklab.kernel.trace.TaskState;
import io.janklab.kernel.trace.TracedTask;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The app's threads that make frames, its main thread and its RenderThread or others in their place ([FrameThreads]), once they have been
/// seen. While neither waits for a lock or a CPU, other tasks' events cost nothing here.
public final class WatchedTasks {
    private final ChainFinder chains;
    private final SpanRing spans;
    private final CpuTable cpus;
    private WatchedTask[] watched = {};
    private TaskMirror[] mirrors = {};

    public WatchedTasks(ChainFinder chains, SpanRing spans, CpuTable cpus) {
        this.chains = chains;
        this.spans = spans;
        this.cpus = cpus;
    }

    /// Begins to watch `task`, of the app, if it makes frames; returns whether it does.
    public boolean consider(TracedTask task, TaskMirror mirror, long now) {
        if (FrameThreads.builds(task.tid(), task.tgid(), task.name())) {
            watch(mirror, Role.UI, now);
        } else if (FrameThreads.draws(task.name())) {
            watch(mirror, Role.RENDER_THREAD, now);
        } else {
            return false;
        }
        return true;
    }

    private void watch(TaskMirror mirror, String role, long now) {
        int count = watched.length;
        watched = Arrays.copyOf(watched, count + 1);
        mirrors = Arrays.copyOf(mirrors, count + 1);
        watched[count] = new WatchedTask(mirror, role, new LockWait(mirror, role, chains, spans, now), now);
        mirrors[count] = mirror;
    }

    /// The watched task behind `mirror`, or null.
    public @Nullable WatchedTask find(TaskMirror mirror) {
        for (int i = 0; i < mirrors.length; i++) {
            if (mirrors[i] == mirror) {
                return watched[i];
            }
        }
        return null;
    }

    /// `collecting` has begun a collection.
    public void collects(TaskMirror collecting) {
        for (WatchedTask task : watched) {
            task.collector(collecting);
        }
    }

    /// `changed` has just been mirrored in its new state: ends the intervals that may end with it.
    public void stateChanged(long now, TaskMirror changed) {
        if (find(changed) != null || isAnyWaiting() || isAnyRunnable()) {
            update(now);
        }
    }

    /// `task` is about to be woken by `waker`.
    public void woken(long now, TaskMirror task, String waker) {
        WatchedTask sleeper = find(task);
        if (sleeper != null) {
            sleeper.sleepEndedBy(waker, now);
        }
    }

    /// Some task's wait or hold has just been mirrored.
    public void lockChanged(long now) {
        if (isAnyWaiting()) {
            update(now);
        }
    }

    private boolean isAnyWaiting() {
        for (WatchedTask task : watched) {
            if (task.isWaitingOrWas()) {
                return true;
            }
        }
        return false;
    }

    private boolean isAnyRunnable() {
        for (TaskMirror mirror : mirrors) {
            if (mirror.state() == TaskState.RUNNABLE) {
                return true;
            }
        }
        return false;
    }

    private void update(long now) {
        close(now);
        for (WatchedTask task : watched) {
            task.classify(cpus);
        }
    }

    void forEachWait(Consumer<LockWait> action) {
        for (WatchedTask task : watched) {
            action.accept(task.lockWait());
        }
    }

    /// Charges all time up to `now`.
    public void close(long now) {
        for (WatchedTask task : watched) {
            task.close(now);
        }
    }
}
