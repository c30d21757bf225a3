package io.janklab.dashboards.measure.result;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Everything measured in one run of one app on one kernel. Times in ns of virtual time.
///
/// @param app the name of the app's process
/// @param appTgid the app's process id; −1 if it never ran
/// @param endNs when the run ended
/// @param locks use of each class of lock by mode and family of tasks, in order of first use
/// @param counters the app's trace counters by name
/// @param tasks time by state of each family of tasks of each process, in order of its first tid
public record RunMeasurement(
        String app,
        int appTgid,
        long endNs,
        FrameTimes frames,
        FrameSummary frameSummary,
        Inversion inversion,
        MadviseCounts madvise,
        FaultCounts faults,
        MemoryUse memory,
        MemoryOverTime memoryOverTime,
        List<LockUse> locks,
        Map<String, CounterRange> counters,
        List<TaskTimes> tasks) {
    /// Those of the app's own.
    public Stream<TaskTimes> appTasks() {
        return tasks.stream().filter(times -> times.processName().equals(app));
    }
}
