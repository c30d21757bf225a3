package io.janklab.dashboards.measure.result;

/// One frame explained. Times in ns of virtual time; the breakdown adds up to `durationNs`, and
/// `lateStartNs + durationNs + afterDrawNs − allowedNs = overrunNs`.
///
/// @param token the vsync id
/// @param beganAt when `Choreographer#doFrame` began
/// @param durationNs `frameDurationCpu`: to the end of the RenderThread's DrawFrames
/// @param overrunNs actual minus expected end of the frame timeline; positive is late
/// @param lateStartNs how long after its expected start it began: earlier frames delayed the UI thread
/// @param afterDrawNs from the end of DrawFrames to the actual end: the GPU; negative if DrawFrames ended last
/// @param allowedNs the time the frame timeline gave it
public record FrameReport(
        long token,
        long beganAt,
        long durationNs,
        long overrunNs,
        long lateStartNs,
        long afterDrawNs,
        long allowedNs,
        Breakdown breakdown) {}
