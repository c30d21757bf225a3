package io.janklab.dashboards.measure;

/// Told of every completed frame, as it completes. Times in ns.
@FunctionalInterface
public interface FrameObserver {
    void frame(long durationNs, long overrunNs);
}
