package io.janklab.dashboards.measure.mirror;

import io.janklab.dashboards.measure.result.TaskTimes;
import io.janklab.dashboards.measure.span.SpanRing;
import io.janklab.kernel.trace.TracedTask;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Every task that lives, by tid, and every dead one of which a span is still recorded; of the others only the times are kept, by family.
/// A task that existed before the recorder was attached appears with its first event.
public final class TaskTable {
    private final SpanRing spans;
    private final Map<String, TaskFamily> families = new HashMap<>();
    private TaskMirror[] byTid = new TaskMirror[64];
    private int end;
    private final Deque<Dead> dead = new ArrayDeque<>();
    /// By the first tid of each family of a process.
    private final SortedMap<Integer, TaskTimes> forgotten = new TreeMap<>();
    private final Map<Kind, Integer> firstTids = new HashMap<>();

    /// @param spans how many spans had been recorded when it died
    private record Dead(TaskMirror task, long spans) {}

    private record Kind(String processName, String family) {}

    public TaskTable(SpanRing spans) {
        this.spans = spans;
    }

    /// The mirror of `task`, or null if it has not been seen before.
    public @Nullable TaskMirror find(TracedTask task) {
        int tid = task.tid();
        return tid < end ? byTid[tid] : null;
    }

    public TaskMirror add(TracedTask task, long now) {
        int tid = task.tid();
        if (tid >= byTid.length) {
            byTid = Arrays.copyOf(byTid, Math.max(tid + 1, byTid.length * 2));
        }
        end = Math.max(end, tid + 1);
        byTid[tid] = new TaskMirror(task, family(task.name()), now);
        return byTid[tid];
    }

    private TaskFamily family(String taskName) {
        return families.computeIfAbsent(FamilyName.of(taskName), name -> new TaskFamily(name, families.size()));
    }

    /// `task` has died: it is forgotten once its last span is.
    public void died(TaskMirror task, long now) {
        dead.addLast(new Dead(task, spans.count()));
        while (dead.getFirst().spans() <= spans.forgotten()) {
            forget(dead.removeFirst().task(), now);
        }
    }

    private void forget(TaskMirror task, long now) {
        byTid[task.tid()] = null;
        TaskTimes times = task.times(now);
        int first = firstTids.computeIfAbsent(new Kind(times.processName(), times.name()), kind -> task.tid());
        forgotten.merge(first, times, TaskTimes::plus);
    }

    /// One more than the highest tid seen.
    public int end() {
        return end;
    }

    /// Null where no task of that tid has been seen, or it has been forgotten.
    public @Nullable TaskMirror at(int tid) {
        return byTid[tid];
    }

    public List<TaskTimes> times(long now) {
        SortedMap<Integer, TaskTimes> byFirstTid = new TreeMap<>(forgotten);
        for (int tid = 0; tid < end; tid++) {
            if (byTid[tid] != null) {
                byFirstTid.merge(tid, byTid[tid].times(now), TaskTimes::plus);
            }
        }
        return TaskTimes.sum(new ArrayList<>(byFirstTid.values()));
    }
}
