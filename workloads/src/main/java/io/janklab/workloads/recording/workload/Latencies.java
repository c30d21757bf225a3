package io.janklab.workloads.recording.workload;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/// Distributions of latencies (ns) by kind and by thread, the same for recordings and replays.
public final class Latencies {
    private static final int DIGITS = 3;

    private final Map<String, Histogram> all = new TreeMap<>();
    private final Map<String, Map<String, Histogram>> byThread = new TreeMap<>();

    public void add(String what, String thread, long ns) {
        long value = Math.max(0, ns);
        all.computeIfAbsent(what, name -> new Histogram(DIGITS)).recordValue(value);
        byThread.computeIfAbsent(what, name -> new TreeMap<>()).computeIfAbsent(thread, name -> new Histogram(DIGITS)).recordValue(value);
    }

    public void addAll(Latencies more) {
        more.all.forEach((what, histogram) -> all.computeIfAbsent(what, name -> new Histogram(DIGITS)).add(histogram));
        more.byThread.forEach((what, threads) -> threads.forEach((thread, histogram) ->
                byThread.computeIfAbsent(what, name -> new TreeMap<>()).computeIfAbsent(thread, name -> new Histogram(DIGITS))
                        .add(histogram)));
    }

    /// What one thread has of one thing.
    public record Part(String what, String thread, Histogram histogram) {}

    public List<Part> parts() {
        List<Part> parts = new ArrayList<>();
        byThread.forEach((what, threads) -> threads.forEach((thread, histogram) -> parts.add(new Part(what, thread, histogram))));
        return parts;
    }

    public void add(Part part) {
        all.computeIfAbsent(part.what, name -> new Histogram(DIGITS)).add(part.histogram);
        byThread.computeIfAbsent(part.what, name -> new TreeMap<>()).computeIfAbsent(part.thread, name -> new Histogram(DIGITS))
                .add(part.histogram);
    }

    public List<String> names() {
        return new ArrayList<>(all.keySet());
    }

    public long count(String what) {
        return all.containsKey(what) ? all.get(what).getTotalCount() : 0;
    }

    /// 0 if there is none.
    public long percentile(String what, double percent) {
        Histogram calls = all.get(what);
        return calls == null || calls.getTotalCount() == 0 ? 0 : calls.getValueAtPercentile(percent);
    }

    public double mean(String what) {
        Histogram calls = all.get(what);
        return calls == null || calls.getTotalCount() == 0 ? 0 : calls.getMean();
    }

    /// Of all of them together (ns).
    public double total(String what) {
        return mean(what) * count(what);
    }

    /// How many each thread has, those with the most first.
    public Map<String, Long> byThread(String what) {
        Map<String, Long> counts = new LinkedHashMap<>();
        byThread.getOrDefault(what, Map.of()).entrySet().stream()
                .sorted((one, other) -> Long.compare(other.getValue().getTotalCount(), one.getValue().getTotalCount()))
                .forEach(entry -> counts.put(entry.getKey(), entry.getValue().getTotalCount()));
        return counts;
    }
}
