package io.janklab.dashboards.measure.result;

/// When one frame reached which stage on its way to the screen; ns of virtual time.
///
/// @param token the vsync id
/// @param expectedStart the vsync it is for
/// @param expectedEnd its deadline
/// @param began start of `Choreographer#doFrame`
/// @param drawBegan start of the RenderThread's `DrawFrames`: the sync with the UI thread begins
/// @param uiEnded end of `Choreographer#doFrame`: the sync has released the UI thread
/// @param drawn end of `DrawFrames`
/// @param actualEnd when the frame timeline says it was done: the GPU's end or the buffer's queueing
/// @param times of the stages within
public record FrameStages(
        long token,
        long expectedStart,
        long expectedEnd,
        long began,
        long drawBegan,
        long uiEnded,
        long drawn,
        long actualEnd,
        StageTimes times) {}
