package io.janklab.allocator;

/// A price for every [HeapCost]. Immutable.
public final class HeapCosts {
    private static final HeapCost[] COSTS = HeapCost.values();

    private final long[] ns;

    private HeapCosts(long[] ns) {
        this.ns = ns;
    }

    /// Every cost at its default.
    public static HeapCosts defaults() {
        long[] ns = new long[COSTS.length];
        for (HeapCost cost : COSTS) {
            ns[cost.ordinal()] = cost.defaultNs();
        }
        return new HeapCosts(ns);
    }

    /// Everything free: for replays that look at memory, not at time.
    public static HeapCosts free() {
        return new HeapCosts(new long[COSTS.length]);
    }

    /// These costs with one price (ns) changed.
    public HeapCosts with(HeapCost cost, long newNs) {
        if (newNs < 0) {
            throw new IllegalArgumentException("cost " + cost.key() + " must not be negative, but is " + newNs + " ns");
        }
        long[] copy = ns.clone();
        copy[cost.ordinal()] = newNs;
        return new HeapCosts(copy);
    }

    /// Nanoseconds on a core of capacity 1024.
    public long ns(HeapCost cost) {
        return ns[cost.ordinal()];
    }
}
