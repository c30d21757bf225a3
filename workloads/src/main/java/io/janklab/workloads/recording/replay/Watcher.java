package io.janklab.workloads.recording.replay;

import io.janklab.kernel.trace.FaultKind;
import io.janklab.kernel.trace.FaultPath;
import io.janklab.kernel.trace.LockClass;
import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.TaskState;
import io.janklab.kernel.trace.TraceListener;
import io.janklab.kernel.trace.TracedLock;
import io.janklab.kernel.trace.TracedTask;
import io.janklab.workloads.recording.workload.ObservedFigures;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Observes a replay as the recorder observed the program, by the same rules.
final class Watcher implements TraceListener {
    private final ObservedFigures figures;
    private final Set<Integer> tgids;
    private final Map<TracedLock, Map<TracedTask, Long>> holders = new HashMap<>();
    private final Map<TracedTask, String> holderWhenAsked = new HashMap<>();
    private final Map<TracedTask, Long> uninterruptibleSince = new HashMap<>();
    private final Map<TracedTask, Long> runningSince = new LinkedHashMap<>();

    Watcher(ObservedFigures figures, Set<Integer> tgids) {
        this.figures = figures;
        this.tgids = tgids;
    }

    private boolean isWatched(TracedTask task) {
        return tgids.contains(task.tgid());
    }

    @Override
    public void schedSwitch(long now, int cpu, @Nullable TracedTask prev, TaskState prevState, @Nullable TracedTask next) {
        if (prev != null && isWatched(prev)) {
            figures.switches++;
            if (prevState == TaskState.UNINTERRUPTIBLE) {
                uninterruptibleSince.put(prev, now);
            }
            Long since = runningSince.remove(prev);
            if (since != null) {
                figures.cpu.merge(prev.name(), now - since, Long::sum);
            }
        }
        if (next != null && isWatched(next)) {
            runningSince.put(next, now);
        }
    }

    @Override
    public void schedWaking(long now, @Nullable TracedTask waker, TracedTask task, int targetCpu) {
        if (!isWatched(task)) {
            return;
        }
        figures.wakeups++;
        Long since = uninterruptibleSince.remove(task);
        if (since != null) {
            figures.uninterruptible.merge(task.name() + " in " + (task.systemCall() == null ? "page fault" : task.systemCall()),
                    now - since, Long::sum);
        }
    }

    @Override
    public void pageFault(
            long now, TracedTask task, long address, boolean write, boolean userMode, FaultPath path, FaultKind kind, int retries,
                    long beganAt) {
        if (isWatched(task)) {
            figures.latencies.add(ObservedFigures.PAGE_FAULT, task.name(), now - beganAt);
        }
    }

    @Override
    public void lockWait(long now, TracedLock lock, TracedTask task, LockMode mode) {
        if (lock.lockClass() == LockClass.MMAP_LOCK && isWatched(task)) {
            Map<TracedTask, Long> held = holders.getOrDefault(lock, Map.of());
            holderWhenAsked.put(task, held.keySet().stream().filter(holder -> holder != task).findFirst()
                    .map(holder -> holder.name() + (holder.systemCall() == null ? " in a page fault" : " in " + holder.systemCall())
                            + (holder.state() == TaskState.RUNNING ? "" : ", off its core"))
                    .orElse("no recorded thread"));
        }
    }

    @Override
    public void lockAcquired(long now, TracedLock lock, TracedTask task, LockMode mode, long waitedNs) {
        if (lock.lockClass() != LockClass.MMAP_LOCK || !isWatched(task)) {
            return;
        }
        holders.computeIfAbsent(lock, same -> new LinkedHashMap<>()).put(task, now);
        figures.gotMmapLock(mode == LockMode.WRITE, task.name(), holderWhenAsked.remove(task), waitedNs);
    }

    @Override
    public void lockReleased(long now, TracedLock lock, TracedTask task, LockMode mode) {
        Map<TracedTask, Long> held = lock.lockClass() == LockClass.MMAP_LOCK ? holders.get(lock) : null;
        Long since = held == null ? null : held.remove(task);
        if (since != null) {
            figures.latencies.add("mmap_lock hold", task.name(), now - since);
        }
    }
}
