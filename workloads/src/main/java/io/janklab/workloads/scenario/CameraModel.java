package io.janklab.workloads.scenario;

import io.janklab.workloads.input.Settings;

/// A camera process that takes bursts of pictures (keys below `camera`).
///
/// @param everyNs from the start of one burst to the next; 0 for none ever
/// @param picturesPerS while a burst lasts
/// @param bufferBytes each picture's buffer, newly mapped
/// @param buffers how many it keeps before it unmaps the oldest
/// @param work on each picture
public record CameraModel(long everyNs, long burstNs, double picturesPerS, long bufferBytes, int buffers, Distribution work) {
    static CameraModel from(Settings settings) {
        return new CameraModel(
                (long) (settings.number("camera.everyS", 0, 1e6) * 1e9),
                (long) (settings.number("camera.burstS", 0, 1e6) * 1e9),
                settings.number("camera.picturesPerS", 0.001, 1e6),
                settings.integer("camera.bufferMiB", 1, 1 << 16) << 20,
                (int) settings.integer("camera.buffers", 1, 10_000),
                Distribution.from(settings, "camera.work"));
    }
}
