package io.janklab.dashboards.measure.result;

import java.util.List;

/// Where the frames' time went.
///
/// @param all summed over every frame
/// @param janky summed over the frames that were late
/// @param worstFrames the latest frames of the run, latest first
public record FrameSummary(Breakdown all, Breakdown janky, List<WorstFrame> worstFrames) {
    /// The latest frames without their timelines.
    public List<FrameReport> worst() {
        return worstFrames.stream().map(WorstFrame::report).toList();
    }
}
