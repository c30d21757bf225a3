package io.janklab.workloads.sweep;

import io.janklab.dashboards.compare.SeedRun;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;

/// What one run gave: its measurement and its meters.
public record RunResult(RunSpec spec, SeedRun run, MetricSnapshots meters) {}
