package io.janklab.dashboards.measure;

import io.janklab.dashboards.measure.chain.ChainFinder;
import io.janklab.dashboards.measure.chain.LockWait;
import io.janklab.dashboards.measure.chain.OtherWaits;
import io.janklab.dashboards.measure.frame.FrameRecorder;
import io.janklab.dashboards.measure.frame.GcStop;
import io.janklab.dashboards.measure.frame.TimelineRecorder;
import io.janklab.dashboards.measure.frame.WatchedTask;
import io.janklab.dashboards.measure.frame.WatchedTasks;
import io.janklab.dashboards.measure.mirror.CpuTable;
import io.janklab.dashboards.measure.mirror.LockLedger;
import io.janklab.dashboards.measure.mirror.TaskMirror;
import io.janklab.dashboards.measure.mirror.TaskTable;
import io.janklab.dashboards.measure.result.FrameReport;
import io.janklab.dashboards.measure.result.FrameStages;
import io.janklab.dashboards.measure.result.Inversion;
import io.janklab.dashboards.measure.result.RunMeasurement;
import io.janklab.dashboards.measure.span.SpanRing;
import io.janklab.dashboards.measure.tally.CounterTracks;
import io.janklab.dashboards.measure.tally.FaultTally;
import io.janklab.dashboards.measure.tally.MadviseTally;
import io.janklab.dashboards.measure.tally.MemoryTally;
import io.janklab.kernel.trace.FaultKind;
import io.janklab.kernel.trace.FaultPath;
import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.MadvisePath;
import io.janklab.kernel.trace.RssMember;
import io.janklab.kernel.trace.TaskState;
import io.janklab.kernel.trace.TraceListener;
import io.janklab.kernel.trace.TracedLock;
import io.janklab.kernel.trace.TracedTask;
import io.janklab.kernel.trace.Tracepoints;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Measures one app over one run from the kernel's tracepoints: attach it before the run, [#finish] it after.
///
/// Counts (faults, madvise, memory, counters, frames) are the app's; locks and task times are those of all tasks.
public final class RunRecorder implements TraceListener {
    private static final String TIMER = "a timer or an interrupt";

    private final String appProcess;
    private final SpanRing spans = new SpanRing();
    private final TaskTable tasks = new TaskTable(spans);
    private final LockLedger locks = new LockLedger(spans);
    private final ChainFinder chains = new ChainFinder();
    /// Of the app's other tasks, and of other processes' tasks.
    private final ChainFinder appChains = new ChainFinder();
    private final ChainFinder foreignChains = new ChainFinder();
    private final CpuTable cpus = new CpuTable();
    private final WatchedTasks watched = new WatchedTasks(chains, spans, cpus);
    private final OtherWaits others = new OtherWaits();
    private final FrameRecorder frames = new FrameRecorder(new TimelineRecorder(spans, tasks, watched, others));
    private final MadviseTally madvise = new MadviseTally();
    private final FaultTally faults = new FaultTally();
    private final MemoryTally memory = new MemoryTally();
    private final CounterTracks counters = new CounterTracks();
    private int appTgid = -1;

    /// @param appProcess the process name of the app to measure
    public RunRecorder(String appProcess) {
        this.appProcess = appProcess;
    }

    public void attachTo(Tracepoints tracepoints) {
        tracepoints.attach(this);
    }

    /// Reports to `observer` all that has appeared and will appear. There is at most one observer.
    public void observe(MeasurementObserver observer) {
        frames.observe(observer);
        locks.onNewTally(observer::lockAppeared);
        chains.onNewChain(observer::chainAppeared);
        counters.onNewTrack(observer::counterAppeared);
    }

    /// Hands every frame to `observer` as it completes, stage by stage. There is one at most; without it stages cost nothing.
    public void observeStages(Consumer<FrameStages> observer) {
        frames.observeStages(observer);
    }

    /// Hands every frame, explained, to `reports` as it completes. There is one receiver at most; null, without which frames cost
    /// less, for none.
    public void explainFrames(@Nullable Consumer<FrameReport> reports) {
        frames.report(reports);
    }

    public MadviseTally madvise() {
        return madvise;
    }

    public FaultTally faults() {
        return faults;
    }

    public MemoryTally memory() {
        return memory;
    }

    /// Ends the measurement at `now` (ns); there must be no events after it.
    public RunMeasurement finish(long now) {
        watched.close(now);
        others.close(now);
        return new RunMeasurement(
                appProcess,
                appTgid,
                now,
                frames.times(),
                frames.summary(),
                new Inversion(Stream.of(chains, appChains).flatMap(finder -> finder.totals().stream()).toList()),
                madvise.counts(),
                faults.counts(),
                memory.use(now),
                memory.overTime(now),
                locks.uses(),
                counters.ranges(),
                tasks.times(now));
    }

    private TaskMirror mirror(TracedTask task, long now) {
        TaskMirror known = tasks.find(task);
        if (known == null) {
            return meet(task, now);
        }
        locks.seen(known);
        return known;
    }

    private TaskMirror meet(TracedTask task, long now) {
        TaskMirror mirror = tasks.add(task, now);
        boolean ofApp = isOfApp(task);
        if (ofApp) {
            appTgid = task.tgid();
        }
        if (!ofApp || !watched.consider(task, mirror, now)) {
            others.add(new LockWait(mirror, mirror.family().name(), ofApp ? appChains : foreignChains, spans, now));
        }
        return mirror;
    }

    private boolean isOfApp(TracedTask task) {
        return task.processName().equals(appProcess);
    }

    @Override
    public void taskNew(long now, TracedTask task) {
        mirror(task, now);
    }

    @Override
    public void schedSwitch(long now, int cpu, @Nullable TracedTask prev, TaskState prevState, @Nullable TracedTask next) {
        cpus.runs(cpu, next == null ? null : mirror(next, now));
        if (prev != null) {
            TaskMirror mirror = mirror(prev, now);
            enter(mirror, prevState, cpu, now);
            if (prevState == TaskState.DEAD) {
                tasks.died(mirror, now);
                others.forget(mirror);
            }
        }
        if (next != null) {
            enter(mirror(next, now), TaskState.RUNNING, cpu, now);
        }
    }

    @Override
    public void schedWaking(long now, @Nullable TracedTask waker, TracedTask task, int targetCpu) {
        TaskMirror mirror = mirror(task, now);
        if (mirror.state() != TaskState.RUNNING) {
            watched.woken(now, mirror, waker == null ? TIMER : mirror(waker, now).family().name());
            enter(mirror, TaskState.RUNNABLE, targetCpu, now);
        }
    }

    private void enter(TaskMirror mirror, TaskState state, int cpu, long now) {
        spans.state(mirror.tid(), mirror.state(), mirror.cpu(), mirror.stateSince(), now);
        mirror.placeOn(cpu);
        mirror.enter(state, now);
        watched.stateChanged(now, mirror);
        others.stateChanged(now, mirror);
    }

    @Override
    public void lockWait(long now, TracedLock lock, TracedTask task, LockMode mode) {
        TaskMirror mirror = mirror(task, now);
        locks.waitBegins(lock, mirror, mode, now);
        lockChanged(now, lock, mirror);
    }

    @Override
    public void lockAborted(long now, TracedLock lock, TracedTask task, LockMode mode) {
        TaskMirror mirror = mirror(task, now);
        locks.waitEnds(lock, mirror, mode, now);
        lockChanged(now, lock, mirror);
    }

    @Override
    public void lockAcquired(long now, TracedLock lock, TracedTask task, LockMode mode, long waitedNs) {
        TaskMirror mirror = mirror(task, now);
        locks.acquired(lock, mirror, mode, now);
        lockChanged(now, lock, mirror);
    }

    @Override
    public void lockReleased(long now, TracedLock lock, TracedTask task, LockMode mode) {
        TaskMirror mirror = mirror(task, now);
        locks.released(lock, mirror, now);
        lockChanged(now, lock, mirror);
    }

    @Override
    public void lockDowngraded(long now, TracedLock lock, TracedTask task) {
        TaskMirror mirror = mirror(task, now);
        locks.downgraded(lock, mirror, now);
        lockChanged(now, lock, mirror);
    }

    private void lockChanged(long now, TracedLock lock, TaskMirror task) {
        watched.lockChanged(now);
        others.lockChanged(now, lock, task);
    }

    /// Spinlocks report contention only; sleeping locks have already reported the wait.
    @Override
    public void contentionBegin(long now, TracedLock lock, TracedTask task, LockMode mode) {
        if (lock.lockClass().isSpinLock()) {
            lockWait(now, lock, task, mode);
        }
    }

    @Override
    public void contentionEnd(long now, TracedLock lock, TracedTask task, LockMode mode) {
        if (lock.lockClass().isSpinLock()) {
            lockAborted(now, lock, task, mode);
        }
    }

    @Override
    public void pageFault(
            long now,
            TracedTask task,
            long address,
            boolean write,
            boolean userMode,
            FaultPath path,
            FaultKind kind,
            int retries,
            long beganAt) {
        if (task.tgid() == appTgid) {
            faults.add(path, kind, now - beganAt);
        }
    }

    @Override
    public void madvise(
            long now, TracedTask task, int advice, long start, long length, String vma, MadvisePath path, long result, long beganAt) {
        if (task.tgid() == appTgid) {
            madvise.add(mirror(task, now).family().name(), vma, path, now - beganAt);
        }
    }

    @Override
    public void rssStat(long now, int tgid, RssMember member, long pages) {
        if (tgid == appTgid && member != RssMember.SWAP) {
            memory.rss(now, member, pages);
        }
    }

    @Override
    public void pageTables(long now, int tgid, long bytes) {
        if (tgid == appTgid) {
            memory.pageTables(now, bytes);
        }
    }

    @Override
    public void sliceBegin(long now, TracedTask task, String name, long argument) {
        TaskMirror mirror = mirror(task, now);
        mirror.slices().begin(now, name);
        if (task.tgid() == appTgid && GcStop.isCollection(name)) {
            watched.collects(mirror);
        }
        WatchedTask watchedTask = watched.find(mirror);
        if (watchedTask != null) {
            watchedTask.sliceBegin(now, name);
            frames.sliceBegin(now, watchedTask, name, argument);
        }
    }

    @Override
    public void sliceEnd(long now, TracedTask task) {
        TaskMirror mirror = mirror(task, now);
        String name = mirror.slices().innermost();
        long began = mirror.slices().innermostSince();
        mirror.slices().end(now, mirror.tid(), spans);
        WatchedTask watchedTask = watched.find(mirror);
        if (watchedTask != null) {
            watchedTask.sliceEnd(now);
            frames.sliceEnd(now, watchedTask, name, began);
        }
    }

    @Override
    public void counter(long now, int tgid, String name, long value) {
        if (tgid == appTgid) {
            counters.set(name, value);
        }
    }

    @Override
    public void frame(long now, int tgid, long token, long expectedStart, long expectedEnd, long actualStart, long actualEnd) {
        if (tgid == appTgid) {
            frames.frame(now, token, expectedStart, expectedEnd, actualEnd);
        }
    }
}
