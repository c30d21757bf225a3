package io.janklab.dashboards.measure.mirror;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Which task runs on which CPU.
public final class CpuTable {
    private TaskMirror[] running = new TaskMirror[8];

    /// `task` is null for the idle task.
    public void runs(int cpu, @Nullable TaskMirror task) {
        if (cpu >= running.length) {
            running = Arrays.copyOf(running, cpu + 1);
        }
        running[cpu] = task;
    }

    /// The task that runs on `cpu`; null if it idles.
    public @Nullable TaskMirror running(int cpu) {
        return cpu < running.length ? running[cpu] : null;
    }
}
