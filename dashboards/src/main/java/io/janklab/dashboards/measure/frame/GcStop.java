package io.janklab.dashboards.measure.frame;

import org.jspecify.annotations.Nullable;

/// Why a thread is stopped for the garbage collector, by the slice in which ART says so.
public enum GcStop {
    /// `Thread::FullSuspendCheck`: every thread stops while the collector pauses the app.
    SUSPENDED("suspended for a pause of the garbage collector"),
    /// `Heap::WaitForGcToComplete`: an allocation waits for a collection that is under way.
    WAITING("an allocation waits for a collection to end"),
    /// Cause Alloc: an allocation that found no memory collects by itself.
    COLLECTING("an allocation that found no memory collects");

    private final String words;

    GcStop(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }

    /// Null for any other slice.
    public static @Nullable GcStop of(String slice) {
        if (slice.equals("FullSuspendCheck")) {
            return SUSPENDED;
        }
        if (slice.startsWith("GC: Wait For Completion")) {
            return WAITING;
        }
        return slice.startsWith("Alloc ") && isCollection(slice) ? COLLECTING : null;
    }

    /// Whether a thread with that slice collects.
    public static boolean isCollection(String slice) {
        return slice.endsWith(" GC");
    }
}
