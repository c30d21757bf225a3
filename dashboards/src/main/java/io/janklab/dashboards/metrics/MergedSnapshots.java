package io.janklab.dashboards.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The series of several registries gathered under one metadata each, as the text format requires.
final class MergedSnapshots {
    private MergedSnapshots() {}

    static MetricSnapshots of(List<MetricSnapshots> runs) {
        Map<String, List<MetricSnapshot>> byName = new TreeMap<>();
        for (MetricSnapshots run : runs) {
            run.forEach(metric -> byName.computeIfAbsent(metric.getMetadata().getName(), name -> new ArrayList<>()).add(metric));
        }
        MetricSnapshots.Builder merged = MetricSnapshots.builder();
        byName.values().forEach(same -> merged.metricSnapshot(merge(same)));
        return merged.build();
    }

    private static MetricSnapshot merge(List<MetricSnapshot> same) {
        return switch (same.getFirst()) {
            case CounterSnapshot first -> new CounterSnapshot(
                    first.getMetadata(), points(same, CounterSnapshot.CounterDataPointSnapshot.class));
            case GaugeSnapshot first -> new GaugeSnapshot(first.getMetadata(), points(same, GaugeSnapshot.GaugeDataPointSnapshot.class));
            case HistogramSnapshot first -> new HistogramSnapshot(
                    first.getMetadata(), points(same, HistogramSnapshot.HistogramDataPointSnapshot.class));
            case SummarySnapshot first -> new SummarySnapshot(
                    first.getMetadata(), points(same, SummarySnapshot.SummaryDataPointSnapshot.class));
            default -> throw new IllegalArgumentException("no meter of ours is a " + same.getFirst().getClass().getSimpleName());
        };
    }

    private static <P extends DataPointSnapshot> List<P> points(List<MetricSnapshot> same, Class<P> type) {
        return same.stream().flatMap(metric -> metric.getDataPoints().stream()).map(type::cast).toList();
    }
}
