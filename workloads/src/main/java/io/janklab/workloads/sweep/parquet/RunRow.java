package io.janklab.workloads.sweep.parquet;

import io.janklab.workloads.sweep.JournalEntry;
import io.janklab.workloads.sweep.SweepPoint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A metric of a run, or a run that failed.
///
/// @param metric its name; null if the run failed
/// @param value null if the run failed
record RunRow(SweepPoint point, JournalEntry run, @Nullable String metric, @Nullable Double value) {
    static List<RunRow> of(SweepPoint point, JournalEntry run) {
        if (run.hasFailed()) {
            return List.of(new RunRow(point, run, null, null));
        }
        return run.metrics().entrySet().stream().map(metric -> new RunRow(point, run, metric.getKey(), metric.getValue())).toList();
    }
}
