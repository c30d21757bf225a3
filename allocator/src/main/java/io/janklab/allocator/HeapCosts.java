package io.janklab.allocator;

import io.janklab.kernel.config.PriceList;

/// A price for every [HeapCost]. Immutable.
public final class HeapCosts extends PriceList<HeapCost> {
    private HeapCosts(long[] ns) {
        super(ns);
    }

    /// Every cost at its default.
    public static HeapCosts defaults() {
        return new HeapCosts(defaults(HeapCost.values()));
    }

    /// Everything free: for replays concerned with memory, not with time.
    public static HeapCosts free() {
        return new HeapCosts(new long[HeapCost.values().length]);
    }
}
