package io.janklab.kernel.config;

import java.util.Arrays;

/// The cost of each step of one kind, in nanoseconds on a core of capacity 1024. Immutable.
public abstract class PriceList<P extends Enum<P> & Price> {
    private final long[] ns;

    /// @param ns a price for each of the enum's constants, in order
    protected PriceList(long[] ns) {
        this.ns = ns;
    }

    protected static long[] defaults(Price[] prices) {
        long[] ns = new long[prices.length];
        for (int i = 0; i < ns.length; i++) {
            ns[i] = prices[i].defaultNs();
        }
        return ns;
    }

    /// These prices with one changed.
    protected final long[] changed(P price, long newNs) {
        if (newNs < 0) {
            throw new IllegalArgumentException("cost " + price.key() + " must not be negative, but is " + newNs + " ns");
        }
        long[] copy = copy();
        copy[price.ordinal()] = newNs;
        return copy;
    }

    protected final long[] copy() {
        return ns.clone();
    }

    public final long ns(P price) {
        return ns[price.ordinal()];
    }

    /// Whether all prices are the same as in `other`.
    protected final boolean isPricedLike(PriceList<P> other) {
        return Arrays.equals(other.ns, ns);
    }

    /// The same of lists that are priced alike.
    protected final int priceHash() {
        return Arrays.hashCode(ns);
    }
}
