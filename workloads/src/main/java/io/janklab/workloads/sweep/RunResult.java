package io.janklab.workloads.sweep;

import io.janklab.dashboards.android.ProfileData;
import io.janklab.dashboards.compare.SeedRun;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;

/// What one run gave: its measurement, its meters, and what hwui would have counted.
public record RunResult(RunSpec spec, SeedRun run, MetricSnapshots meters, ProfileData gfxInfo) {}
