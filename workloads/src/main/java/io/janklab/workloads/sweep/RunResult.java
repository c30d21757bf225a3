package io.janklab.workloads.sweep;

import io.janklab.dashboards.android.ProfileData;
import io.janklab.dashboards.compare.SeedRun;
import io.janklab.dashboards.measure.result.WorstFrame;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;

/// The result of one run: its measurement, its meters, and hwui's counts.
public record RunResult(RunSpec spec, SeedRun run, MetricSnapshots meters, ProfileData gfxInfo) {
    List<WorstFrame> worstFrames() {
        return run.measurement().frameSummary().worstFrames();
    }
}
