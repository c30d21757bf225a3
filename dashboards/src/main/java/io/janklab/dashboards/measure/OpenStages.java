package io.janklab.dashboards.measure;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The slices that a thread is in, outermost first, and which of them are stages of a frame; without garbage.
final class OpenStages {
    private @Nullable FrameStage[] stages = new FrameStage[8];
    private long[] since = new long[stages.length];
    private int depth;

    void begin(@Nullable Frame frame, String slice, long now) {
        if (depth == stages.length) {
            stages = Arrays.copyOf(stages, 2 * depth);
            since = Arrays.copyOf(since, 2 * depth);
        }
        FrameStage stage = frame == null ? null : FrameStage.of(slice);
        stages[depth] = stage;
        since[depth++] = now;
        if (frame != null && stage != null) {
            frame.stageTimes().begin(stage, now);
        }
    }

    /// The innermost ends; one that began before the measurement is not known.
    void end(@Nullable Frame frame, long now) {
        if (depth == 0) {
            return;
        }
        FrameStage stage = stages[--depth];
        if (frame != null && stage != null) {
            frame.stageTimes().end(stage, since[depth], now);
        }
    }
}
