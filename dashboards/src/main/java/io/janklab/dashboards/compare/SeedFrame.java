package io.janklab.dashboards.compare;

import io.janklab.dashboards.measure.FrameReport;
import io.janklab.dashboards.measure.Timeline;

/// A frame, its timeline, and the seed of its run.
public record SeedFrame(long seed, FrameReport frame, Timeline timeline) {}
