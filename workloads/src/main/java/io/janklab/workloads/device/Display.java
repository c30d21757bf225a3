package io.janklab.workloads.device;

import java.util.List;

/// The screen and how far ahead of it all stages work; times in ns.
///
/// SurfaceFlinger's durations are the same at every refresh rate (`WorkDuration` of AOSP's VsyncConfiguration), so at a higher one an app
/// is more frames ahead.
///
/// @param refreshHz frames per second now
/// @param modesHz refresh rates it can be set to
/// @param appDurationNs from an app's wake-up to its deadline, which is SurfaceFlinger's wake-up
/// @param sfDurationNs from SurfaceFlinger's wake-up to the frame's presentation
/// @param buffers how many buffers the app and SurfaceFlinger share
public record Display(int refreshHz, List<Integer> modesHz, long appDurationNs, long sfDurationNs, int buffers) {
    private static final long NS_PER_S = 1_000_000_000;

    /// One refresh.
    public long periodNs() {
        return NS_PER_S / refreshHz;
    }

    Display at(int hz) {
        return new Display(hz, modesHz, appDurationNs, sfDurationNs, buffers);
    }
}
