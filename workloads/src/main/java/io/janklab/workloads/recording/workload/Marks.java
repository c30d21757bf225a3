package io.janklab.workloads.recording.workload;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The names of slices and of probed functions in a recording, by how often they occur; of more than [#MOST] names the first ones.
public final class Marks {
    private static final int MOST = 1_000;

    private final Map<String, Long> counts = new HashMap<>();

    public void add(String name) {
        if (counts.size() < MOST || counts.containsKey(name)) {
            counts.merge(name, 1L, Long::sum);
        }
    }

    public boolean has(String name) {
        return counts.containsKey(name);
    }

    /// The most frequent ones.
    public List<String> mostFrequent(int limit) {
        return counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .limit(limit).map(Map.Entry::getKey).toList();
    }
}
