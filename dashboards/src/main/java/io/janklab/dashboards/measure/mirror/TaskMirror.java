package io.janklab.dashboards.measure.mirror;

import io.janklab.dashboards.measure.result.TaskTimes;
import io.janklab.dashboards.measure.span.OpenSlices;
import io.janklab.kernel.trace.LockClass;
import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.TaskState;
import io.janklab.kernel.trace.TracedLock;
import io.janklab.kernel.trace.TracedTask;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One task as the tracepoints show it: its state and for how long, the locks it holds, the lock it waits for.
public final class TaskMirror {
    private static final TaskState[] STATES = TaskState.values();

    private final TracedTask task;
    private final TaskFamily family;
    private final LockHolds held = new LockHolds();
    private final long[] stateNs = new long[STATES.length];
    private final OpenSlices slices = new OpenSlices();
    private TaskState state = TaskState.RUNNABLE;
    private long stateSince;
    private long longestUninterruptibleNs;

    private int cpu;
    private String[] places = {};
    private @Nullable LockPlace lockWait;
    private int holderIndex;
    private int lastPrio;

    private @Nullable TracedLock wantedLock;
    private @Nullable LockMode wantedMode;
    private long waitSince;
    private long waitNumber;

    TaskMirror(TracedTask task, TaskFamily family, long now) {
        this.task = task;
        this.family = family;
        this.stateSince = now;
        this.lastPrio = task.normalPrio();
    }

    public TaskFamily family() {
        return family;
    }

    public int tid() {
        return task.tid();
    }

    public TracedTask task() {
        return task;
    }

    /// What it is doing in the kernel, or that it is not there.
    String callSite() {
        boolean outside = task.systemCall() == null && task.tgid() != 0;
        return outside && wantedLock != null && wantedLock.lockClass() == LockClass.FUTEX ? "user mode" : task.callSite();
    }

    /// Its own priority: inheritance shortens an inversion, but does not define it away.
    public int prio() {
        return task.normalPrio();
    }

    /// Whether its priority has changed since the last call.
    boolean priorityHasChanged() {
        int now = prio();
        boolean changed = lastPrio != now;
        lastPrio = now;
        return changed;
    }

    /// Its place among the waiters; null if it does not wait for a lock.
    void waitsAt(@Nullable LockPlace place) {
        lockWait = place;
    }

    @Nullable LockPlace lockWait() {
        return lockWait;
    }

    /// Its index among the tasks that hold any lock ([LockQueues]).
    void isHolder(int index) {
        holderIndex = index;
    }

    int holderIndex() {
        return holderIndex;
    }

    /// The trace slices it is in.
    public OpenSlices slices() {
        return slices;
    }

    public TaskState state() {
        return state;
    }

    /// When it entered its state (ns).
    public long stateSince() {
        return stateSince;
    }

    public void placeOn(int newCpu) {
        cpu = newCpu;
    }

    /// Where it runs, ran last, or waits to run.
    public int cpu() {
        return cpu;
    }

    /// `HeapTaskDaemon on CPU 4`; the same string for the same CPU.
    public String place(String calledAs) {
        if (cpu >= places.length) {
            places = Arrays.copyOf(places, cpu + 1);
        }
        if (places[cpu] == null) {
            places[cpu] = calledAs + " on CPU " + cpu;
        }
        return places[cpu];
    }

    public LockHolds held() {
        return held;
    }

    public void enter(TaskState next, long now) {
        long ns = now - stateSince;
        stateNs[state.ordinal()] += ns;
        if (state == TaskState.UNINTERRUPTIBLE) {
            longestUninterruptibleNs = Math.max(longestUninterruptibleNs, ns);
        }
        state = next;
        stateSince = now;
    }

    /// `number` orders waits over all tasks.
    void waitFor(TracedLock lock, LockMode mode, long now, long number) {
        wantedLock = lock;
        wantedMode = mode;
        waitSince = now;
        waitNumber = number;
    }

    void waitsNoMore() {
        wantedLock = null;
    }

    public boolean isWaiting() {
        return wantedLock != null;
    }

    boolean waitsFor(TracedLock lock) {
        return wantedLock == lock;
    }

    /// The lock it waits for; it must be waiting.
    public TracedLock wantedLock() {
        return Objects.requireNonNull(wantedLock);
    }

    public LockMode wantedMode() {
        return Objects.requireNonNull(wantedMode);
    }

    long waitSince() {
        return waitSince;
    }

    public long waitNumber() {
        return waitNumber;
    }

    public TaskTimes times(long now) {
        enter(state, now);
        return new TaskTimes(
                task.processName(),
                family.name(),
                1,
                stateNs[TaskState.RUNNING.ordinal()],
                stateNs[TaskState.RUNNABLE.ordinal()],
                stateNs[TaskState.INTERRUPTIBLE.ordinal()],
                stateNs[TaskState.UNINTERRUPTIBLE.ordinal()],
                longestUninterruptibleNs);
    }
}
