package io.janklab.allocator.art;

/// Why a collection runs (`gc/gc_cause.h`); the word is ART's, with which the name of the collection's slice begins.
enum GcCause {
    /// The heap passed `concurrent_start_bytes`.
    BACKGROUND("Background"),
    /// A thread found no memory and collects itself.
    ALLOC("Alloc"),
    /// Too much native memory is held by Java objects.
    NATIVE_ALLOC("NativeAlloc"),
    /// `System.gc()`.
    EXPLICIT("Explicit"),
    /// The process went to the background.
    COLLECTOR_TRANSITION("CollectorTransition");

    private final String word;

    GcCause(String word) {
        this.word = word;
    }

    String word() {
        return word;
    }
}
