package io.janklab.kernel.config;

/// A price for every [Cost]. Immutable.
public final class CostModel {
    private static final Cost[] COSTS = Cost.values();

    private final long[] ns;

    private CostModel(long[] ns) {
        this.ns = ns;
    }

    /// Every cost at its default.
    public static CostModel defaults() {
        long[] ns = new long[COSTS.length];
        for (Cost cost : COSTS) {
            ns[cost.ordinal()] = cost.defaultNs();
        }
        return new CostModel(ns);
    }

    /// Everything free: for tests that look at order, not at time.
    public static CostModel free() {
        return new CostModel(new long[COSTS.length]);
    }

    /// This model with one price changed.
    public CostModel with(Cost cost, long newNs) {
        if (newNs < 0) {
            throw new IllegalArgumentException("cost " + cost.key() + " must not be negative, but is " + newNs + " ns");
        }
        long[] copy = ns.clone();
        copy[cost.ordinal()] = newNs;
        return new CostModel(copy);
    }

    /// Nanoseconds on a core of capacity 1024.
    public long ns(Cost cost) {
        return ns[cost.ordinal()];
    }
}
