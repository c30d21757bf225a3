package io.janklab.kernel.config;

import io.janklab.sim.RandomStream;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A price for every [Cost] (of one that varies, the median), and how often cores are interrupted by what is not simulated. Immutable.
public final class CostModel extends PriceList<Cost> {
    /// Null where a cost is always the same.
    private final Spread[] spreads;
    private final Interruptions interruptions;

    private CostModel(long[] ns, Spread[] spreads, Interruptions interruptions) {
        super(ns);
        this.spreads = spreads;
        this.interruptions = interruptions;
    }

    /// Every cost at its default.
    public static CostModel defaults() {
        return constant(defaults(Cost.values()));
    }

    /// Everything free: for tests that look at order, not at time.
    public static CostModel free() {
        return constant(new long[Cost.values().length]);
    }

    private static CostModel constant(long[] ns) {
        return new CostModel(ns, new Spread[ns.length], Interruptions.NONE);
    }

    /// This model with one price (ns) changed, the same every time.
    public CostModel with(Cost cost, long newNs) {
        return with(cost, newNs, null);
    }

    /// This model with one price that differs from time to time.
    ///
    /// @throws IllegalArgumentException if the cost is one that does not ([Cost#mayVary])
    public CostModel with(Cost cost, Spread spread) {
        if (!cost.mayVary()) {
            throw new IllegalArgumentException("cost " + cost.key() + " is the same every time");
        }
        return with(cost, spread.median(), spread);
    }

    private CostModel with(Cost cost, long newNs, @Nullable Spread spread) {
        Spread[] newSpreads = spreads.clone();
        newSpreads[cost.ordinal()] = spread;
        return new CostModel(changed(cost, newNs), newSpreads, interruptions);
    }

    public CostModel with(Interruptions newInterruptions) {
        return new CostModel(copy(), spreads, newInterruptions);
    }

    /// The same with one price `factor` times as high.
    public CostModel times(Cost cost, double factor) {
        Spread spread = spreads[cost.ordinal()];
        return with(cost, Math.round(ns(cost) * factor), spread == null ? null : spread.times(factor));
    }

    /// Whether the cost is 0 every time.
    public boolean isFree(Cost cost) {
        return ns(cost) == 0 && spreads[cost.ordinal()] == null;
    }

    /// The cost this time.
    public long draw(Cost cost, RandomStream random) {
        Spread spread = spreads[cost.ordinal()];
        return spread == null ? ns(cost) : spread.draw(random);
    }

    public Interruptions interruptions() {
        return interruptions;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CostModel model
                && isPricedLike(model)
                && Arrays.equals(model.spreads, spreads)
                && model.interruptions.equals(interruptions);
    }

    @Override
    public int hashCode() {
        return Objects.hash(priceHash(), Arrays.hashCode(spreads), interruptions);
    }
}
