package io.janklab.dashboards.measure;

import io.janklab.kernel.trace.TracedTask;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Every task seen so far, by tid. A task that existed before the recorder was attached appears with its first event.
final class TaskTable {
    private final Map<String, TaskFamily> families = new HashMap<>();
    private TaskMirror[] byTid = new TaskMirror[64];
    private int end;

    /// The mirror of `task`, or null if it has not been seen before.
    TaskMirror find(TracedTask task) {
        int tid = task.tid();
        return tid < end ? byTid[tid] : null;
    }

    TaskMirror add(TracedTask task, long now) {
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

    /// One more than the highest tid seen.
    int end() {
        return end;
    }

    /// Null where no task of that tid has been seen.
    TaskMirror at(int tid) {
        return byTid[tid];
    }

    List<TaskTimes> times(long now) {
        List<TaskTimes> times = new ArrayList<>();
        for (int tid = 0; tid < end; tid++) {
            if (byTid[tid] != null) {
                times.add(byTid[tid].times(now));
            }
        }
        return TaskTimes.sum(times);
    }
}
