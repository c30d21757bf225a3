package io.janklab.dashboards.measure.frame;

import org.jspecify.annotations.Nullable;

/// Whether, and why, a thread is inside one of the slices by which ART marks that it is stopped for the collector ([GcStop]).
final class GcSlices {
    private final SliceDepth depth = new SliceDepth();
    private @Nullable GcStop inside;

    void begin(String name) {
        GcStop stop = GcStop.of(name);
        if (depth.begins(stop != null)) {
            inside = stop;
        }
    }

    void end() {
        if (depth.ends()) {
            inside = null;
        }
    }

    boolean isInside() {
        return inside != null;
    }

    /// The outermost's; null outside.
    @Nullable GcStop stop() {
        return inside;
    }
}
