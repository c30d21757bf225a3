package io.janklab.dashboards.measure;

/// One of the latest frames of a run: explained, and what every task did around it.
public record WorstFrame(FrameReport report, Timeline timeline) {}
