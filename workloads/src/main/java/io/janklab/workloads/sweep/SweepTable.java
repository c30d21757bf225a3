package io.janklab.workloads.sweep;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What a sweep found: for each of its points every metric's mean over seeds. It does not depend on the order in which runs ended.
///
/// @param points in the order of the sweep
/// @param metrics names of all metrics any run had, in the order of the first point's
/// @param means of each point, by metric
public record SweepTable(List<SweepPoint> points, List<String> metrics, List<Map<String, Double>> means) {
    public static SweepTable of(List<SweepPoint> points, Collection<JournalEntry> entries) {
        Map<Integer, Map<Long, JournalEntry>> byPoint = new TreeMap<>();
        entries.forEach(entry -> byPoint.computeIfAbsent(entry.point(), point -> new TreeMap<>()).put(entry.seed(), entry));
        Set<String> metrics = new LinkedHashSet<>();
        List<Map<String, Double>> means = new ArrayList<>();
        for (int point = 0; point < points.size(); point++) {
            Collection<JournalEntry> runs = byPoint.getOrDefault(point, Map.of()).values();
            runs.forEach(run -> metrics.addAll(run.metrics().keySet()));
            means.add(means(runs));
        }
        return new SweepTable(points, List.copyOf(metrics), means);
    }

    /// Added seed by seed, so that the same runs give the same sum to the last bit.
    private static Map<String, Double> means(Collection<JournalEntry> runs) {
        Map<String, double[]> sums = new LinkedHashMap<>();
        for (JournalEntry run : runs.stream().sorted(Comparator.comparingLong(JournalEntry::seed)).toList()) {
            run.metrics().forEach((metric, value) -> {
                double[] sum = sums.computeIfAbsent(metric, name -> new double[2]);
                sum[0] += value;
                sum[1]++;
            });
        }
        Map<String, Double> means = new LinkedHashMap<>();
        sums.forEach((metric, sum) -> means.put(metric, sum[0] / sum[1]));
        return means;
    }

    /// A point's mean of a metric, or NaN if no run had it.
    public double mean(int point, String metric) {
        return means.get(point).getOrDefault(metric, Double.NaN);
    }
}
