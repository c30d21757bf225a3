package io.janklab.workloads.recording.workload;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/// Distributions of latencies (ns) by kind and by thread, the same for recordings and replays.
public final class Latencies {
    /// Those of one kind.
    private static final class Kind {
        final LatencySample all = new LatencySample();
        final Map<String, LatencySample> byThread = new HashMap<>();

        LatencySample of(String thread) {
            return byThread.computeIfAbsent(thread, name -> new LatencySample());
        }
    }

    private final Map<String, Kind> kinds = new HashMap<>();

    private Kind kind(String what) {
        return kinds.computeIfAbsent(what, name -> new Kind());
    }

    public void add(String what, String thread, long ns) {
        long value = Math.max(0, ns);
        Kind kind = kind(what);
        kind.all.add(value);
        kind.of(thread).add(value);
    }

    public void addAll(Latencies more) {
        more.kinds.forEach((what, others) -> {
            Kind kind = kind(what);
            kind.all.addAll(others.all);
            others.byThread.forEach((thread, latencies) -> kind.of(thread).addAll(latencies));
        });
    }

    /// What one thread has of one thing.
    public record Part(String what, String thread, Histogram histogram) {}

    /// In the order of their names.
    public List<Part> parts() {
        List<Part> parts = new ArrayList<>();
        new TreeMap<>(kinds).forEach((what, kind) -> new TreeMap<>(kind.byThread)
                .forEach((thread, latencies) -> parts.add(new Part(what, thread, latencies.histogram()))));
        return parts;
    }

    public void add(Part part) {
        Kind kind = kind(part.what);
        kind.all.addAll(part.histogram);
        kind.of(part.thread).addAll(part.histogram);
    }

    /// In their order.
    public List<String> names() {
        return kinds.keySet().stream().sorted().toList();
    }

    public long count(String what) {
        Kind kind = kinds.get(what);
        return kind == null ? 0 : kind.all.count();
    }

    /// 0 if there is none.
    public long percentile(String what, double percent) {
        Kind kind = kinds.get(what);
        return kind == null || kind.all.count() == 0 ? 0 : kind.all.histogram().getValueAtPercentile(percent);
    }

    public double mean(String what) {
        Kind kind = kinds.get(what);
        return kind == null || kind.all.count() == 0 ? 0 : kind.all.histogram().getMean();
    }

    /// Of all of them together (ns).
    public double total(String what) {
        return mean(what) * count(what);
    }
}
