package io.janklab.workloads.sweep;

import io.janklab.dashboards.android.ProfileData;
import io.janklab.dashboards.compare.SeedRun;
import io.janklab.dashboards.measure.WorstFrame;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;

/// What one run gave: its measurement, its meters, and what hwui would have counted.
public record RunResult(RunSpec spec, SeedRun run, MetricSnapshots meters, ProfileData gfxInfo) {
    List<WorstFrame> worstFrames() {
        return run.measurement().frameSummary().worstFrames();
    }
}
