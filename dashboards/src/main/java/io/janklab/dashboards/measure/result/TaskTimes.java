package io.janklab.dashboards.measure.result;

import java.util.ArrayList;
import java.util.List;

/// How a family of tasks of one process spent its life, in ns of virtual time, added over its tasks.
///
/// @param name the family: `binder` for `binder:1234_1` and its siblings
/// @param tasks how many tasks there are
/// @param longestUninterruptibleNs the longest single stay of any of them in D state
public record TaskTimes(
        String processName,
        String name,
        int tasks,
        long runningNs,
        long runnableNs,
        long interruptibleNs,
        long uninterruptibleNs,
        long longestUninterruptibleNs) {

    boolean isLike(TaskTimes other) {
        return processName.equals(other.processName) && name.equals(other.name);
    }

    public TaskTimes plus(TaskTimes other) {
        return new TaskTimes(
                processName,
                name,
                tasks + other.tasks,
                runningNs + other.runningNs,
                runnableNs + other.runnableNs,
                interruptibleNs + other.interruptibleNs,
                uninterruptibleNs + other.uninterruptibleNs,
                Math.max(longestUninterruptibleNs, other.longestUninterruptibleNs));
    }

    /// Adds up the tasks of each family, in order of first appearance.
    public static List<TaskTimes> sum(List<TaskTimes> times) {
        List<TaskTimes> sums = new ArrayList<>();
        for (TaskTimes more : times) {
            int same = 0;
            while (same < sums.size() && !sums.get(same).isLike(more)) {
                same++;
            }
            if (same == sums.size()) {
                sums.add(more);
            } else {
                sums.set(same, sums.get(same).plus(more));
            }
        }
        return List.copyOf(sums);
    }
}
