package io.janklab.allocator.art;

import java.util.function.LongSupplier;

/// Native memory held by Java objects, and whether it is time to find out which of them are dead (`gc/heap.cc`: `RegisterNativeAllocation`,
/// `CheckGCForNative`). Bytes.
final class NativePressure {
    /// `kNotifyNativeInterval`: how many allocations are registered between two checks.
    private static final int NOTIFY_INTERVAL = 64;
    /// `kCheckImmediatelyThreshold`.
    private static final long CHECK_AT_ONCE = 300_000;
    /// `kNewNativeDiscountFactor`, `kOldNativeDiscountFactor`: native bytes count for less than Java bytes, old ones for next to nothing.
    private static final double NEW_DISCOUNT = 2;
    private static final double OLD_DISCOUNT = 65_536;

    private final Footprint footprint;
    /// The bytes allocated according to `mallinfo`.
    private LongSupplier mallinfo = () -> 0;
    private long registered;
    private long old;
    private int notified;

    NativePressure(Footprint footprint) {
        this.footprint = footprint;
    }

    void setMallinfo(LongSupplier source) {
        mallinfo = source;
    }

    /// @return whether it is time to check [#urgency]
    boolean register(long bytes) {
        registered += bytes;
        notified++;
        return notified % NOTIFY_INTERVAL == 0 || bytes > CHECK_AT_ONCE;
    }

    void free(long bytes) {
        registered = Math.max(0, registered - bytes);
    }

    /// From 1 on a collection is due (`NativeMemoryOverTarget`).
    double urgency() {
        long now = nativeBytes();
        if (now <= old) {
            return 0;
        }
        double weighted = (now - old) / NEW_DISCOUNT + old / OLD_DISCOUNT;
        // `NativeAllocationGcWatermark`.
        long watermark = footprint.target() / 8 + footprint.options().maxFreeBytes();
        double start = footprint.concurrentStart() + watermark * footprint.growthMultiplier() / NEW_DISCOUNT;
        return (footprint.allocated() + weighted) / start;
    }

    /// A collection has ended: what there is now is old.
    void collected() {
        old = nativeBytes();
    }

    private long nativeBytes() {
        return mallinfo.getAsLong() + registered;
    }
}
