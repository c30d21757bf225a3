package io.janklab.workloads.sweep;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/// The change by one level of a factor against the factor's first, seed by seed, all else being equal.
///
/// @param group device, scenario and kernel
/// @param from the factor's first level
/// @param to another one
/// @param change of the metric: a seed's is the mean over all settings of the other factors, the mean and its interval are over seeds
public record LevelEffect(String group, String factor, String from, String to, String metric, Mean change) {

    /// Group by group, factor by factor and level by level, in the order of the sweep. A design without pairs of points that differ in one
    /// factor alone, as a Latin hypercube is, has none.
    public static List<LevelEffect> of(List<SweepPoint> all, List<String> factors, String metric, RunValues values) {
        List<LevelEffect> effects = new ArrayList<>();
        for (String factor : factors) {
            Map<String, String> firstLevels = new HashMap<>();
            Map<SweepPoint, Integer> atFirst = new HashMap<>();
            Map<List<String>, List<int[]>> pairs = new LinkedHashMap<>();
            for (int i = 0; i < all.size(); i++) {
                SweepPoint point = all.get(i);
                String level = point.values().get(factor);
                if (firstLevels.computeIfAbsent(point.group(), group -> level).equals(level)) {
                    atFirst.put(point.without(factor), i);
                } else {
                    Integer first = atFirst.get(point.without(factor));
                    if (first != null) {
                        pairs.computeIfAbsent(List.of(point.group(), level), key -> new ArrayList<>()).add(new int[] {first, i});
                    }
                }
            }
            pairs.forEach((key, ofLevel) -> {
                Mean change = change(ofLevel, values);
                if (!Double.isNaN(change.value())) {
                    String first = Objects.requireNonNull(firstLevels.get(key.get(0)));
                    effects.add(new LevelEffect(key.get(0), factor, first, key.get(1), metric, change));
                }
            });
        }
        return effects;
    }

    private static Mean change(List<int[]> pairs, RunValues values) {
        double[] bySeed = IntStream.range(0, values.seeds())
                .mapToDouble(seed -> pairs.stream()
                        .mapToDouble(pair -> values.at(pair[1], seed) - values.at(pair[0], seed))
                        .filter(difference -> !Double.isNaN(difference))
                        .average()
                        .orElse(Double.NaN))
                .filter(difference -> !Double.isNaN(difference))
                .toArray();
        return bySeed.length == 0 ? Mean.NONE : Mean.of(bySeed);
    }
}
