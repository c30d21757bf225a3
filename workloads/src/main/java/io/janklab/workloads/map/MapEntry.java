package io.janklab.workloads.map;

import io.janklab.dashboards.compare.Comparison;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A line of a map's journal: a cell whose runs have all ended.
///
/// @param cell its index, counted row by row
/// @param from the first kernel's value, in words
/// @param difference as [Comparison#difference], null where that is none; the others alike
/// @param digests of its runs, in words
public record MapEntry(
        int cell, String from, @Nullable Double difference, @Nullable Double low, @Nullable Double high, @Nullable Double p,
        List<String> digests) {
    public MapEntry {
        digests = List.copyOf(digests);
    }

    public static MapEntry of(int cell, String from, Comparison found, List<String> digests) {
        return new MapEntry(cell, from, finite(found.difference()), finite(found.low()), finite(found.high()), finite(found.p()), digests);
    }

    /// JSON has no number for others.
    private static @Nullable Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }

    /// The comparison of these two kernels in that metric, which a map judges by itself: no correction for others.
    public Comparison comparison(String fromKernel, String toKernel, String metric, int seeds) {
        return new Comparison(fromKernel, toKernel, metric, orNaN(difference), orNaN(low), orNaN(high), orNaN(p), orNaN(p), seeds);
    }

    private static double orNaN(@Nullable Double value) {
        return value == null ? Double.NaN : value;
    }
}
