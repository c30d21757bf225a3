package io.janklab.dashboards.compare;

import io.janklab.dashboards.measure.FrameReport;

/// A frame and the seed of the run it belongs to.
public record SeedFrame(long seed, FrameReport frame) {}
