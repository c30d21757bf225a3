package io.janklab.dashboards.measure.frame;

/// Called for every frame as it completes. Times in ns.
@FunctionalInterface
public interface FrameObserver {
    void frame(long durationNs, long overrunNs);
}
