package io.janklab.workloads.host.measure;

import io.janklab.kernel.config.Spread;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Durations, ns, in the order they were measured. Adding allocates only when there are more than expected.
public final class Samples {
    private static final int RARE = 3;

    private long[] ns;
    private int count;

    /// @param expected how many
    public Samples(int expected) {
        ns = new long[expected];
    }

    void add(long duration) {
        if (count == ns.length) {
            ns = Arrays.copyOf(ns, 2 * count + 1);
        }
        ns[count++] = duration;
    }

    public int count() {
        return count;
    }

    /// The same, each shorter by `less`, though not below 0.
    public Samples less(double shorterNs) {
        Samples less = new Samples(count);
        for (int i = 0; i < count; i++) {
            less.add(Math.max(0, ns[i] - Math.round(shorterNs)));
        }
        return less;
    }

    /// The others when the longest `part` of them are left out.
    public Samples withoutLongest(double part) {
        long[] sorted = Arrays.copyOf(ns, count);
        Arrays.sort(sorted);
        Samples rest = new Samples(count);
        Arrays.stream(sorted).limit(Math.round(count * (1 - part))).forEach(rest::add);
        return rest;
    }

    /// The median and the interquartile range; 0 if there are none.
    public Measurement measurement() {
        return count == 0 ? new Measurement(0, 0) : new Measurement(quantile(0.5), quantile(0.75) - quantile(0.25));
    }

    /// The median of the longest `part` of them.
    public double medianOfLongest(double part) {
        return quantile(1 - part / 2);
    }

    /// @throws IllegalStateException if there are none
    public double quantile(double part) {
        if (count == 0) {
            throw new IllegalStateException("nothing has been measured");
        }
        long[] sorted = Arrays.copyOf(ns, count);
        Arrays.sort(sorted);
        return sorted[Math.min(count - 1, (int) (part * count))];
    }

    /// Their spread. The few longest are left out: they say little about such rare values.
    public Spread spread() {
        double most = 1 - (double) RARE / Math.max(RARE, count);
        return new Spread(Arrays.stream(Spread.parts()).mapToLong(part -> (long) quantile(Math.min(part, most))).toArray());
    }

    /// Several samples combined, each measured at a different time: of each quantile the (lower) median, which no single disturbed one can
    /// move, less `less` ns.
    public static Spread spread(List<Samples> parts, double less) {
        List<long[]> spreads = parts.stream().map(part -> part.spread().values()).toList();
        return new Spread(IntStream.range(0, Spread.parts().length)
                .mapToLong(i -> Math.max(0, Math.round(lowerMedian(spreads, i) - less))).toArray());
    }

    private static long lowerMedian(List<long[]> spreads, int quantile) {
        return spreads.stream().mapToLong(values -> values[quantile]).sorted().toArray()[(spreads.size() - 1) / 2];
    }
}
