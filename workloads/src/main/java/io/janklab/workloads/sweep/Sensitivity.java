package io.janklab.workloads.sweep;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;

/// How much a metric follows a factor that takes many numbers.
///
/// @param group device, scenario and kernel whose points were looked at
/// @param correlation Spearman's over the points of one seed, as a mean over seeds with its interval: 1 if the metric always rises with the
///        factor, −1 if it always falls, 0 if neither
public record Sensitivity(String group, String factor, String metric, Mean correlation) {
    /// Of fewer points a seed's correlation is ±1 by chance too often.
    private static final int FEWEST_POINTS = 5;
    private static final int FEWEST_SEEDS = 3;

    /// Whether zero is outside the interval.
    public boolean isFinding() {
        return Math.abs(correlation.value()) > correlation.margin();
    }

    /// For each group of points and each factor whose values are numbers; nothing where there are too few points or seeds for an interval.
    public static List<Sensitivity> of(List<SweepPoint> all, List<String> factors, String metric, RunValues values) {
        if (values.seeds() < FEWEST_SEEDS) {
            return List.of();
        }
        Map<String, List<Integer>> groups = new LinkedHashMap<>();
        IntStream.range(0, all.size()).forEach(i -> groups.computeIfAbsent(all.get(i).group(), group -> new ArrayList<>()).add(i));
        List<Sensitivity> found = new ArrayList<>();
        groups.forEach((group, points) -> factors.forEach(factor -> {
            if (isOfNumbers(all, points, factor)) {
                double[] bySeed = IntStream.range(0, values.seeds())
                        .mapToDouble(seed -> correlation(all, points, factor, values, seed))
                        .filter(correlation -> !Double.isNaN(correlation))
                        .toArray();
                if (bySeed.length >= FEWEST_SEEDS) {
                    found.add(new Sensitivity(group, factor, metric, Mean.of(bySeed)));
                }
            }
        }));
        return found;
    }

    private static boolean isOfNumbers(List<SweepPoint> all, List<Integer> points, String factor) {
        try {
            points.forEach(point -> Double.parseDouble(all.get(point).values().get(factor)));
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /// NaN where the metric or the factor never changes.
    private static double correlation(List<SweepPoint> all, List<Integer> points, String factor, RunValues values, int seed) {
        int[] there = points.stream().mapToInt(point -> point).filter(point -> !Double.isNaN(values.at(point, seed))).toArray();
        double[] x = IntStream.of(there).mapToDouble(point -> Double.parseDouble(all.get(point).values().get(factor))).toArray();
        double[] y = IntStream.of(there).mapToDouble(point -> values.at(point, seed)).toArray();
        return Arrays.stream(x).distinct().count() < FEWEST_POINTS ? Double.NaN : new SpearmansCorrelation().correlation(x, y);
    }
}
