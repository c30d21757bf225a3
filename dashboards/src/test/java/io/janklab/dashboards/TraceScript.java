package io.janklab.dashboards;

import io.janklab.kernel.trace.LockClass;
import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.TaskState;
import io.janklab.kernel.trace.TraceListener;
import io.janklab.kernel.trace.TracedLock;
import io.janklab.kernel.trace.TracedTask;

/// Feeds a listener with tracepoints, event by event: `trace.at(100).runs(ui).waits(ui, lock, READ)`.
public final class TraceScript {
    public static final String APP = "com.example.app";
    public static final int APP_TGID = 10;

    /// A task whose priority can change.
    public static final class FakeTask implements TracedTask {
        private final int tid;
        private final int tgid;
        private final String name;
        private int nice;
        private int boost;

        private FakeTask(int tid, int tgid, String name, int nice) {
            this.tid = tid;
            this.tgid = tgid;
            this.name = name;
            this.nice = nice;
        }

        public void setNice(int newNice) {
            nice = newNice;
        }

        /// It inherits a priority that many nice steps more urgent.
        public void inherit(int steps) {
            boost = steps;
        }

        @Override
        public int tid() {
            return tid;
        }

        @Override
        public int tgid() {
            return tgid;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public String processName() {
            return tgid == APP_TGID ? APP : "other";
        }

        @Override
        public int prio() {
            return normalPrio() - boost;
        }

        @Override
        public int normalPrio() {
            return 120 + nice;
        }

        @Override
        public TaskState state() {
            throw new AssertionError("a listener must live on tracepoints alone");
        }
    }

    private record FakeLock(LockClass lockClass, String name) implements TracedLock {
        /// Identity, as with real locks.
        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    private final TraceListener listener;
    private long now;
    private int lastTid = APP_TGID;

    public TraceScript(TraceListener listener) {
        this.listener = listener;
    }

    public FakeTask ui() {
        return new FakeTask(APP_TGID, APP_TGID, "main", -10);
    }

    public FakeTask renderThread() {
        return task("RenderThread", -10);
    }

    /// Another thread of the app.
    public FakeTask task(String name, int nice) {
        return new FakeTask(++lastTid, APP_TGID, name, nice);
    }

    /// A thread of another process.
    public FakeTask stranger(String name) {
        return new FakeTask(++lastTid, 1, name, 0);
    }

    public static TracedLock lock(LockClass lockClass) {
        return lock(lockClass, "app");
    }

    public static TracedLock lock(LockClass lockClass, String name) {
        return new FakeLock(lockClass, name);
    }

    /// The following events happen at `time` (ns).
    public TraceScript at(long time) {
        now = time;
        return this;
    }

    public long now() {
        return now;
    }

    public TraceScript runs(TracedTask task) {
        return runsOn(0, task);
    }

    /// `task` ends the idling of `cpu`.
    public TraceScript runsOn(int cpu, TracedTask task) {
        listener.schedSwitch(now, cpu, null, TaskState.DEAD, task);
        return this;
    }

    /// `next` preempts `prev` on `cpu`.
    public TraceScript replaces(int cpu, TracedTask prev, TracedTask next) {
        listener.schedSwitch(now, cpu, prev, TaskState.RUNNABLE, next);
        return this;
    }

    public TraceScript isPreempted(TracedTask task) {
        listener.schedSwitch(now, 0, task, TaskState.RUNNABLE, null);
        return this;
    }

    public TraceScript blocks(TracedTask task, TaskState state) {
        listener.schedSwitch(now, 0, task, state, null);
        return this;
    }

    /// By a timer.
    public TraceScript isWoken(TracedTask task) {
        return isWokenBy(null, task);
    }

    public TraceScript isWokenBy(TracedTask waker, TracedTask task) {
        listener.schedWaking(now, waker, task, 0);
        return this;
    }

    public TraceScript waits(TracedTask task, TracedLock lock, LockMode mode) {
        listener.lockWait(now, lock, task, mode);
        return this;
    }

    public TraceScript givesUp(TracedTask task, TracedLock lock, LockMode mode) {
        listener.lockAborted(now, lock, task, mode);
        return this;
    }

    public TraceScript takes(TracedTask task, TracedLock lock, LockMode mode) {
        listener.lockAcquired(now, lock, task, mode, 0);
        return this;
    }

    public TraceScript releases(TracedTask task, TracedLock lock, LockMode mode) {
        listener.lockReleased(now, lock, task, mode);
        return this;
    }

    public TraceScript downgrades(TracedTask task, TracedLock lock) {
        listener.lockDowngraded(now, lock, task);
        return this;
    }

    public TraceScript begins(TracedTask task, String slice, long token) {
        listener.sliceBegin(now, task, slice, token);
        return this;
    }

    public TraceScript ends(TracedTask task) {
        listener.sliceEnd(now, task);
        return this;
    }

    /// The frame timeline's event.
    public TraceScript presents(long token, long expectedEnd, long actualEnd) {
        listener.frame(now, APP_TGID, token, 0, expectedEnd, 0, actualEnd);
        return this;
    }

    public TraceScript counts(String counter, long value) {
        listener.counter(now, APP_TGID, counter, value);
        return this;
    }
}
