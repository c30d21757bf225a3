package io.janklab.workloads.app.frame;

import io.janklab.kernel.cpu.Task;
import org.jspecify.annotations.Nullable;

/// SurfaceFlinger's layer of one app: its buffers, and the app's identity in traces.
public final class Layer {
    private final BufferQueue buffers;
    private final FrameMarkers markers;
    private final int tgid;
    private @Nullable Buffer latched;
    private @Nullable Buffer shown;

    public Layer(BufferQueue buffers, FrameMarkers markers, int tgid) {
        this.buffers = buffers;
        this.markers = markers;
        this.tgid = tgid;
    }

    /// Takes the oldest buffer that was done by `time`, if there is one.
    void latch(long time) {
        latched = buffers.takeDone(time);
    }

    /// The latched buffer is on the display from `presentNs` on, and its predecessor is released.
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
