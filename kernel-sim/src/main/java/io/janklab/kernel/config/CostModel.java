package io.janklab.kernel.config;

/// A price for every [Cost]. Immutable.
public final class CostModel extends PriceList<Cost> {
    private CostModel(long[] ns) {
        super(ns);
    }

    /// Every cost at its default.
    public static CostModel defaults() {
        return new CostModel(defaults(Cost.values()));
    }

    /// Everything free: for tests that look at order, not at time.
    public static CostModel free() {
        return new CostModel(new long[Cost.values().length]);
    }

    /// This model with one price (ns) changed.
    public CostModel with(Cost cost, long newNs) {
        return new CostModel(changed(cost, newNs));
    }
}
