package io.janklab.workloads.recording.replay;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.trace.LockClass;
import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.TaskState;
import io.janklab.kernel.trace.TraceListener;
import io.janklab.kernel.trace.TracedLock;
import io.janklab.kernel.trace.TracedTask;
import io.janklab.sim.Event;
import io.janklab.sim.Simulation;
import io.janklab.workloads.recording.workload.Op;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How far each task is in its call, in time on a core without waiting for any lock; and mishaps that are to befall it at such a point.
final class CallProgress implements TraceListener {
    /// On what condition something befalls a task.
    enum When {
        ANYWAY,
        /// It holds mmap_lock.
        UNDER_MMAP_LOCK,
        /// It is woken to take a lock, wherever it is in the call.
        WOKEN_FOR_LOCK,
        /// The same for one that has the lock from then on; if it need not wait for it, when it gets it.
        GRANTED_LOCK;

        /// @param how as in an [Op#LOSES_CORE]
        static When of(long how) {
            if (how == Op.UNDER_MMAP_LOCK) {
                return UNDER_MMAP_LOCK;
            }
            return how == Op.WOKEN_FOR_MMAP_LOCK ? WOKEN_FOR_LOCK : how == Op.GRANTED_MMAP_LOCK ? GRANTED_LOCK : ANYWAY;
        }
    }

    /// One task's call.
    private static final class Progress {
        final List<Mishap> pending = new ArrayList<>();
        /// Without the stretch since [#since].
        long ran;
        /// −1 while it does not advance.
        long since = -1;
        boolean isOnCore;
        boolean waits;
        /// How many mmap_locks it holds.
        int held;

        void stop(long now) {
            ran = at(now);
            since = -1;
        }

        long at(long now) {
            return since < 0 ? ran : ran + now - since;
        }
    }

    /// Something that befalls a task in its call.
    private final class Mishap extends Event {
        private final Progress progress;
        private final long ran;
        private final When when;
        private final Runnable action;
        private final Runnable onCore;
        private boolean isOver;

        Mishap(Progress progress, long ran, When when, Runnable action, Runnable onCore) {
            super(simulation);
            this.progress = progress;
            this.ran = ran;
            this.when = when;
            this.action = action;
            this.onCore = onCore;
        }

        /// Sets out for its point, if the task is on its way there.
        void approach(long now) {
            boolean may = when == When.ANYWAY || (when != When.WOKEN_FOR_LOCK && progress.held > 0);
            if (progress.since >= 0 && may) {
                schedule(now + Math.max(0, ran - progress.at(now)));
            } else {
                cancel();
            }
        }

        @Override
        protected void fire() {
            progress.pending.remove(this);
            (progress.since >= 0 && !isOver ? onCore : action).run();
        }

        /// The call has ended before it could happen.
        void late(long now) {
            isOver = true;
            schedule(now);
        }
    }

    private final Simulation simulation;
    private final Map<TracedTask, Progress> all = new HashMap<>();

    CallProgress(Simulation simulation) {
        this.simulation = simulation;
    }

    private Progress of(TracedTask task) {
        return all.computeIfAbsent(task, same -> new Progress());
    }

    /// `task`, which runs, begins a call.
    void begin(Task task) {
        Progress progress = of(task);
        progress.ran = 0;
        progress.since = task.now();
        progress.isOnCore = true;
    }

    /// Whether something has not befallen it yet.
    boolean hasPending(Task task) {
        return !of(task).pending.isEmpty();
    }

    /// The call of `task` is over: what has not befallen it does so now.
    ///
    /// @return how far it came (ns)
    long end(Task task) {
        Progress progress = of(task);
        progress.stop(task.now());
        progress.pending.forEach(mishap -> mishap.late(task.now()));
        return progress.ran;
    }

    /// When `task` has come to `ran` ns in its call.
    ///
    /// @param onCore what befalls it instead while it runs
    void befall(Task task, long ran, When when, Runnable action, Runnable onCore) {
        Mishap mishap = new Mishap(of(task), ran, when, action, onCore);
        mishap.progress.pending.add(mishap);
        mishap.approach(task.now());
    }

    /// What is to befall it later is postponed while it does not advance.
    private void changed(long now, Progress progress) {
        boolean advances = progress.isOnCore && !progress.waits;
        if (!advances && progress.since >= 0) {
            progress.stop(now);
        } else if (advances && progress.since < 0) {
            progress.since = now;
        }
        progress.pending.forEach(mishap -> mishap.approach(now));
    }

    @Override
    public void schedSwitch(long now, int cpu, @Nullable TracedTask prev, TaskState prevState, @Nullable TracedTask next) {
        Progress off = prev == null ? null : all.get(prev);
        if (off != null) {
            off.isOnCore = false;
            changed(now, off);
        }
        Progress on = next == null ? null : all.get(next);
        if (on != null) {
            on.isOnCore = true;
            changed(now, on);
        }
    }

    /// Before it has a core: it must not take the lock first.
    @Override
    public void schedWaking(long now, @Nullable TracedTask waker, TracedTask task, int targetCpu) {
        Progress progress = all.get(task);
        if (progress != null && progress.waits) {
            progress.pending.stream().filter(mishap -> mishap.when == When.WOKEN_FOR_LOCK || mishap.when == When.GRANTED_LOCK)
                    .findFirst().ifPresent(Mishap::fire);
        }
    }

    @Override
    public void lockWait(long now, TracedLock lock, TracedTask task, LockMode mode) {
        waits(now, task, true);
    }

    @Override
    public void lockAborted(long now, TracedLock lock, TracedTask task, LockMode mode) {
        waits(now, task, false);
    }

    @Override
    public void lockAcquired(long now, TracedLock lock, TracedTask task, LockMode mode, long waitedNs) {
        if (lock.lockClass() == LockClass.MMAP_LOCK) {
            of(task).held++;
        }
        waits(now, task, false);
    }

    @Override
    public void lockReleased(long now, TracedLock lock, TracedTask task, LockMode mode) {
        if (lock.lockClass() == LockClass.MMAP_LOCK) {
            of(task).held--;
        }
    }

    private void waits(long now, TracedTask task, boolean waits) {
        Progress progress = all.get(task);
        if (progress != null) {
            progress.waits = waits;
            changed(now, progress);
        }
    }
}
