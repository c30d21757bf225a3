package io.janklab.dashboards.compare;

import io.janklab.dashboards.measure.FrameReport;
import io.janklab.dashboards.measure.Timeline;

/// A frame, what lay around it, and the seed of the run it belongs to.
public record SeedFrame(long seed, FrameReport frame, Timeline timeline) {}
