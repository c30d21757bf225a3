package io.janklab.workloads.program;

import io.janklab.allocator.HeapStats;
import io.janklab.dashboards.compare.Quantity;
import io.janklab.dashboards.measure.result.RunMeasurement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a run executes on its kernel. Creating one has no effect yet.
public interface Program {
    /// The name of the process to watch.
    String process();

    /// The counters of its native heap, once it has run; null if it has none.
    default @Nullable HeapStats heap() {
        return null;
    }

    /// Starts it and lets virtual time pass until it is done.
    void run();

    /// Its own measurements, and those of `measurement` that are its subject: the same figures in the same order whatever the kernel.
    List<Quantity> quantities(RunMeasurement measurement);
}
