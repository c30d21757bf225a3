package io.janklab.dashboards.measure.tally;

import io.janklab.dashboards.measure.result.MadviseCounts;
import io.janklab.kernel.trace.MadvisePath;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// The app's `madvise` calls so far: how many and how long (ns), by path; and how many by path, family of tasks, and heap.
public final class MadviseTally {
    private static final MadvisePath[] PATHS = MadvisePath.values();

    private final long[] calls = new long[PATHS.length];
    private final long[] totalNs = new long[PATHS.length];
    private final Map<String, Map<String, long[]>> callsByTask = new LinkedHashMap<>();

    public void add(String family, String vma, MadvisePath path, long ns) {
        calls[path.ordinal()]++;
        totalNs[path.ordinal()] += ns;
        callsByTask.computeIfAbsent(family, task -> new LinkedHashMap<>())
                .computeIfAbsent(HeapOwner.of(vma), heap -> new long[PATHS.length])[path.ordinal()]++;
    }

    public long calls(MadvisePath path) {
        return calls[path.ordinal()];
    }

    public long totalNs(MadvisePath path) {
        return totalNs[path.ordinal()];
    }

    public MadviseCounts counts() {
        MadviseCounts all = MadviseCounts.NONE;
        for (Map.Entry<String, Map<String, long[]>> task : callsByTask.entrySet()) {
            MadviseCounts ofTask = MadviseCounts.NONE;
            for (Map.Entry<String, long[]> heap : task.getValue().entrySet()) {
                ofTask = ofTask.plus(new MadviseCounts(byPath(heap.getValue()), Map.of(), Map.of()).asHeap(heap.getKey()));
            }
            all = all.plus(ofTask.asTask(task.getKey()));
        }
        return all;
    }

    private static Map<MadvisePath, Long> byPath(long[] calls) {
        Map<MadvisePath, Long> byPath = new EnumMap<>(MadvisePath.class);
        for (MadvisePath path : PATHS) {
            if (calls[path.ordinal()] > 0) {
                byPath.put(path, calls[path.ordinal()]);
            }
        }
        return byPath;
    }
}
