package io.janklab.dashboards.compare;

import io.janklab.dashboards.measure.result.FrameReport;
import io.janklab.dashboards.measure.result.Timeline;
import org.jspecify.annotations.Nullable;

/// A frame, its timeline, unless that has been dropped, and the seed of its run.
public record SeedFrame(long seed, FrameReport frame, @Nullable Timeline timeline) {}
