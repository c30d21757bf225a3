package io.janklab.workloads.host;

import io.janklab.kernel.config.Spread;
import java.util.Arrays;
import java.util.List;

/// Durations, ns, in the order they were measured. Adding allocates only when there are more than expected.
final class Samples {
    private long[] ns;
    private int count;

    /// @param expected how many
    Samples(int expected) {
        ns = new long[expected];
    }

    /// All of them.
    static Samples of(List<Samples> parts) {
        Samples all = new Samples(parts.stream().mapToInt(Samples::count).sum());
        parts.forEach(part -> Arrays.stream(part.ns, 0, part.count).forEach(all::add));
        return all;
    }

    void add(long duration) {
        if (count == ns.length) {
            ns = Arrays.copyOf(ns, 2 * count + 1);
        }
        ns[count++] = duration;
    }

    int count() {
        return count;
    }

    /// The median and the interquartile range; 0 if there are none.
    Measurement measurement() {
        return count == 0 ? new Measurement(0, 0) : new Measurement(quantile(0.5), quantile(0.75) - quantile(0.25));
    }

    /// What the longest `part` of them has for its median.
    double medianOfLongest(double part) {
        return quantile(1 - part / 2);
    }

    /// @throws IllegalStateException if there are none
    double quantile(double part) {
        if (count == 0) {
            throw new IllegalStateException("nothing has been measured");
        }
        long[] sorted = Arrays.copyOf(ns, count);
        Arrays.sort(sorted);
        return sorted[Math.min(count - 1, (int) (part * count))];
    }

    /// Their spread, `less` ns having been taken from each.
    Spread spread(double less) {
        return new Spread(Arrays.stream(Spread.parts()).mapToLong(part -> Math.max(0, Math.round(quantile(part) - less))).toArray());
    }
}
