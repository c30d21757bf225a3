package io.janklab.dashboards.measure;

/// One frame explained. Times in ns of virtual time; the breakdown adds up to `durationNs`.
///
/// @param token the vsync id
/// @param beganAt when `Choreographer#doFrame` began
/// @param durationNs `frameDurationCpu`: to the end of the RenderThread's DrawFrames
/// @param overrunNs actual minus expected end of the frame timeline; positive is late
public record FrameReport(long token, long beganAt, long durationNs, long overrunNs, Breakdown breakdown) {}
