package io.janklab.dashboards.android;

import io.janklab.dashboards.measure.result.FrameStages;

/// One frame's time stamps (ns) under the names of hwui's `FrameInfo`, made from the trace.
///
/// @param vsync the frame time delivered to the app: later than the intended one by the refreshes that passed before doFrame ran
///        (`Choreographer.doFrame`)
/// @param issueDrawCommandsStart when the sync released the UI thread
/// @param gpuCompleted the frame timeline's actual end
record FrameInfo(
        long intendedVsync,
        long vsync,
        long syncStart,
        long issueDrawCommandsStart,
        long swapBuffersCompleted,
        long gpuCompleted,
        long frameDeadline) {

    static FrameInfo of(FrameStages stages, long frameIntervalNs) {
        long skipped = Math.max(0, stages.began() - stages.expectedStart()) / frameIntervalNs;
        return new FrameInfo(
                stages.expectedStart(),
                stages.expectedStart() + skipped * frameIntervalNs,
                stages.drawBegan(),
                Math.clamp(stages.uiEnded(), stages.drawBegan(), stages.drawn()),
                stages.drawn(),
                stages.actualEnd(),
                stages.expectedEnd());
    }

    long frameCompleted() {
        return Math.max(gpuCompleted, swapBuffersCompleted);
    }

    long totalDuration() {
        return frameCompleted() - intendedVsync;
    }

    /// From here on, past the end of DrawFrames, only the GPU works.
    long gpuDrawTime() {
        return Math.max(0, gpuCompleted - swapBuffersCompleted);
    }
}
