package io.janklab.dashboards.measure.result;

import org.jspecify.annotations.Nullable;

/// The parts of a frame that hwui's time stamps tell apart, each a slice of the UI thread or of the RenderThread.
public enum FrameStage {
    INPUT("input"),
    ANIMATION("animation"),
    TRAVERSAL("traversal"),
    DRAW("draw"),
    /// The UI thread hands the frame over and waits for its sync.
    POST_AND_WAIT("postAndWait"),
    DEQUEUE_BUFFER("dequeueBuffer"),
    QUEUE_BUFFER("queueBuffer");

    private static final FrameStage[] ALL = values();

    private final String slice;

    FrameStage(String slice) {
        this.slice = slice;
    }

    /// The stage whose slice has that name; null if none has.
    public static @Nullable FrameStage of(String sliceName) {
        for (FrameStage stage : ALL) {
            if (stage.slice.equals(sliceName)) {
                return stage;
            }
        }
        return null;
    }
}
