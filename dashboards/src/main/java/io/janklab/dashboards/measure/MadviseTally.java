package io.janklab.dashboards.measure;

import io.janklab.kernel.trace.MadvisePath;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// The app's `madvise` calls so far: how many and how long (ns), by path; and how many by path and family of tasks.
public final class MadviseTally {
    private static final MadvisePath[] PATHS = MadvisePath.values();

    private final long[] calls = new long[PATHS.length];
    private final long[] totalNs = new long[PATHS.length];
    private final Map<String, long[]> callsByTask = new LinkedHashMap<>();

    void add(TaskFamily caller, MadvisePath path, long ns) {
        calls[path.ordinal()]++;
        totalNs[path.ordinal()] += ns;
        callsByTask.computeIfAbsent(caller.name(), name -> new long[PATHS.length])[path.ordinal()]++;
    }

    public long calls(MadvisePath path) {
        return calls[path.ordinal()];
    }

    public long totalNs(MadvisePath path) {
        return totalNs[path.ordinal()];
    }

    MadviseCounts counts() {
        Map<String, MadviseCounts> byTask = new LinkedHashMap<>();
        callsByTask.forEach((family, count) -> byTask.put(family, new MadviseCounts(byPath(count), Map.of())));
        return new MadviseCounts(byPath(calls), byTask);
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
