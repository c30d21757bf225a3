package io.janklab.workloads.app;

import io.janklab.kernel.cpu.Task;

/// What SurfaceFlinger shows of one app: its buffers, and the app as traces know it.
final class Layer {
    private final BufferQueue buffers;
    private final FrameMarkers markers;
    private final int tgid;
    private Buffer latched;
    private Buffer shown;

    Layer(BufferQueue buffers, FrameMarkers markers, int tgid) {
        this.buffers = buffers;
        this.markers = markers;
        this.tgid = tgid;
    }

    /// Takes the oldest buffer that was done by `time`, if there is one.
    void latch(long time) {
        latched = buffers.takeDone(time);
    }

    /// What was latched is on the display from `presentNs` on, and its predecessor goes back.
    ///
    /// @return whether anything was
    boolean present(Task surfaceFlinger, long presentNs, long appDurationNs) {
        if (latched == null) {
            return false;
        }
        if (shown != null) {
            shown.releaseAt(presentNs);
        }
        shown = latched;
        markers.presented(surfaceFlinger, tgid, shown, appDurationNs);
        return true;
    }
}
