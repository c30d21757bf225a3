package io.janklab.allocator.art;

/// The options of a Java heap.
///
/// @param ioctl by which the mark-compact collector puts pages in place
/// @param advice by which the concurrent-copying collector releases regions
/// @param priorityChanges whether the daemon raises itself to nice 0 for pauses (`com.android.libcore.niceness_apis`, 2025)
public record JavaHeapOptions(
        CollectorType collector,
        CompactionIoctl ioctl,
        ReleaseAdvice advice,
        FootprintOptions footprint,
        Lifetimes lifetimes,
        CollectorCosts costs,
        boolean priorityChanges) {}
