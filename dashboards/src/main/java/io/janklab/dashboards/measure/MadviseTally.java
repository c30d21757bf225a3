package io.janklab.dashboards.measure;

import io.janklab.kernel.trace.MadvisePath;
import java.util.EnumMap;
import java.util.Map;

/// The app's `madvise` calls so far: how many and how long (ns), by path.
public final class MadviseTally {
    private static final MadvisePath[] PATHS = MadvisePath.values();

    private final long[] calls = new long[PATHS.length];
    private final long[] totalNs = new long[PATHS.length];

    void add(MadvisePath path, long ns) {
        calls[path.ordinal()]++;
        totalNs[path.ordinal()] += ns;
    }

    public long calls(MadvisePath path) {
        return calls[path.ordinal()];
    }

    public long totalNs(MadvisePath path) {
        return totalNs[path.ordinal()];
    }

    MadviseCounts counts() {
        Map<MadvisePath, Long> byPath = new EnumMap<>(MadvisePath.class);
        for (MadvisePath path : PATHS) {
            if (calls(path) > 0) {
                byPath.put(path, calls(path));
            }
        }
        return new MadviseCounts(byPath);
    }
}
