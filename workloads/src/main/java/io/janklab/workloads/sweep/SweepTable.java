package io.janklab.workloads.sweep;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.DoubleStream;

/// What a sweep found: for each of its points every metric's mean over seeds, and how it differs from the first kernel's, seed by seed.
/// It does not depend on the order in which runs ended.
///
/// @param points in the order of the sweep
/// @param metrics names of all metrics any run had, in the order of the first point's
/// @param means of each point, by metric
/// @param differences of each point to the same one on the first kernel, by metric; empty for points on that kernel
public record SweepTable(List<SweepPoint> points, List<String> metrics, List<Map<String, Mean>> means, List<Map<String, Mean>> differences) {
    public static SweepTable of(List<SweepPoint> points, Collection<JournalEntry> entries) {
        // Seed by seed, so that the same runs give the same sums to the last bit.
        List<Map<Long, JournalEntry>> runs = new ArrayList<>();
        Map<SweepPoint, Map<Long, JournalEntry>> byPoint = new HashMap<>();
        points.forEach(point -> runs.add(byPoint.computeIfAbsent(point, unknown -> new TreeMap<>())));
        entries.forEach(entry -> runs.get(entry.point()).put(entry.seed(), entry));
        Set<String> metrics = new LinkedHashSet<>();
        runs.forEach(point -> point.values().forEach(run -> metrics.addAll(run.metrics().keySet())));
        List<Map<String, Mean>> means = new ArrayList<>();
        List<Map<String, Mean>> differences = new ArrayList<>();
        for (SweepPoint point : points) {
            Map<Long, JournalEntry> here = byPoint.get(point);
            Map<Long, JournalEntry> onFirst = byPoint.get(point.on(points.getFirst().kernel()));
            means.add(each(metrics, metric -> values(here, metric)));
            differences.add(onFirst == here ? Map.of() : each(metrics, metric -> differences(onFirst, here, metric)));
        }
        return new SweepTable(points, List.copyOf(metrics), means, differences);
    }

    private static Map<String, Mean> each(Set<String> metrics, Function<String, DoubleStream> values) {
        Map<String, Mean> means = new LinkedHashMap<>();
        for (String metric : metrics) {
            double[] all = values.apply(metric).toArray();
            if (all.length > 0) {
                means.put(metric, Mean.of(all));
            }
        }
        return means;
    }

    private static DoubleStream values(Map<Long, JournalEntry> runs, String metric) {
        return runs.values().stream().filter(run -> run.metrics().containsKey(metric)).mapToDouble(run -> run.metrics().get(metric));
    }

    /// Of the seeds that ran on both.
    private static DoubleStream differences(Map<Long, JournalEntry> from, Map<Long, JournalEntry> to, String metric) {
        return to.values().stream()
                .filter(run -> run.metrics().containsKey(metric) && from.containsKey(run.seed()) && from.get(run.seed()).metrics().containsKey(metric))
                .mapToDouble(run -> run.metrics().get(metric) - from.get(run.seed()).metrics().get(metric));
    }

    /// A point's mean of a metric; NaN if no run had it.
    public Mean mean(int point, String metric) {
        return means.get(point).getOrDefault(metric, Mean.NONE);
    }

    /// How much more that is than on the first kernel; NaN where there is nothing to compare.
    public Mean difference(int point, String metric) {
        return differences.get(point).getOrDefault(metric, Mean.NONE);
    }
}
