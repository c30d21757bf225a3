package io.janklab.allocator.art;

/// How much is allocated, how much may be, and when a collection is due (`gc/heap.cc`: `GrowForUtilization`, `IsOutOfMemoryOnAllocation`).
/// Bytes.
final class Footprint {
    /// `kMinConcurrentRemainingBytes`, `kMaxConcurrentRemainingBytes`.
    private static final long MIN_REMAINING = 128 << 10;
    private static final long MAX_REMAINING = 512 << 10;

    private final FootprintOptions options;
    private boolean foreground = true;
    private long allocated;
    private long target;
    private long concurrentStart;
    private long afterLastGc;

    Footprint(FootprintOptions options) {
        this.options = options;
        setTarget(options.initialBytes());
    }

    long allocated() {
        return allocated;
    }

    /// Live bytes at the end of the last collection.
    long afterLastGc() {
        return afterLastGc;
    }

    long target() {
        return target;
    }

    long concurrentStart() {
        return concurrentStart;
    }

    FootprintOptions options() {
        return options;
    }

    /// Whether the user sees the process: then the heap grows by more.
    void setForeground(boolean isForeground) {
        foreground = isForeground;
    }

    /// `HeapGrowthMultiplier`.
    double growthMultiplier() {
        return foreground ? options.foregroundMultiplier() : 1;
    }

    /// A concurrent collector lets the heap outgrow its target, up to the growth limit.
    boolean hasRoomFor(long bytes) {
        return allocated + bytes <= options.growthLimitBytes();
    }

    void add(long bytes) {
        allocated += bytes;
    }

    boolean wantsCollection() {
        return allocated >= concurrentStart;
    }

    /// After a collection that found `live` bytes and freed the others, while `meanwhile` bytes were allocated.
    void grow(long freed, long meanwhile, boolean young) {
        allocated -= freed;
        afterLastGc = allocated;
        double multiplier = growthMultiplier();
        if (young) {
            long mostFree = (long) (options.maxFreeBytes() * multiplier);
            setTarget(allocated + mostFree < target ? allocated + mostFree : Math.max(allocated, target), meanwhile);
        } else {
            long wanted = (long) (allocated * (1 / options.targetUtilization() - 1));
            long free = Math.clamp(wanted, options.minFreeBytes(), options.maxFreeBytes());
            setTarget(allocated + (long) (free * multiplier), meanwhile);
        }
    }

    /// `SetIdealFootprint`; the next collection begins so early that it should end in time.
    private void setTarget(long bytes, long meanwhile) {
        target = Math.min(bytes, options.growthLimitBytes());
        long remaining = Math.clamp(meanwhile, MIN_REMAINING, MAX_REMAINING);
        concurrentStart = Math.max(target - Math.min(remaining, target), allocated);
    }

    /// `SetIdealFootprint` and `SetDefaultConcurrentStartBytes`.
    void setTarget(long bytes) {
        setTarget(bytes, MIN_REMAINING);
    }
}
