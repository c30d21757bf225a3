package io.janklab.dashboards.compare;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// A percentile of all values of all seeds together.
final class PercentileFigure implements PairedFigure {
    private final double percent;
    private final int seeds;
    /// Of the first kernel, then of the second, each sorted.
    private final List<long[]> runs;
    private final double unit;

    /// @param first the sorted values of each seed's run on the first kernel
    /// @param second the same on the second
    /// @param unit how many of the values' units are one of the metric's
    PercentileFigure(double percent, List<long[]> first, List<long[]> second, double unit) {
        this.percent = percent;
        this.seeds = first.size();
        this.runs = Stream.concat(first.stream(), second.stream()).toList();
        this.unit = unit;
    }

    @Override
    public Shifted less(double shift) {
        long[] less = new long[2 * seeds];
        Arrays.fill(less, seeds, 2 * seeds, Math.round(shift * unit));
        WeightedSample sample = WeightedSample.around(percent, runs, less);
        int[] first = new int[2 * seeds];
        int[] second = new int[2 * seeds];
        return swapped -> {
            for (int seed = 0; seed < seeds; seed++) {
                int away = swapped[seed] ? 1 : 0;
                first[seed] = 1 - away;
                first[seeds + seed] = away;
                second[seed] = away;
                second[seeds + seed] = 1 - away;
            }
            return (sample.percentile(percent, second) - sample.percentile(percent, first)) / unit;
        };
    }
}
