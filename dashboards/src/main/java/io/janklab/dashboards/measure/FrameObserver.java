package io.janklab.dashboards.measure;

/// Called for every frame as it completes. Times in ns.
@FunctionalInterface
public interface FrameObserver {
    void frame(long durationNs, long overrunNs);
}
