package io.janklab.dashboards.measure;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The slices that a thread is in, outermost first, and which of them are stages of a frame.
final class OpenStages {
    private record Open(@Nullable FrameStage stage, long beganAt) {}

    private final List<Open> open = new ArrayList<>();

    void begin(@Nullable Frame frame, String slice, long now) {
        FrameStage stage = frame == null ? null : FrameStage.of(slice);
        open.add(new Open(stage, now));
        if (frame != null && stage != null) {
            frame.stageTimes().begin(stage, now);
        }
    }

    /// The innermost ends; one that began before the measurement is not known.
    void end(@Nullable Frame frame, long now) {
        Open ended = open.isEmpty() ? null : open.removeLast();
        if (frame != null && ended != null && ended.stage() != null) {
            frame.stageTimes().end(ended.stage(), ended.beganAt(), now);
        }
    }
}
