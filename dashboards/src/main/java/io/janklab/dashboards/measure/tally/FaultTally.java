package io.janklab.dashboards.measure.tally;

import io.janklab.dashboards.measure.result.FaultCounts;
import io.janklab.kernel.trace.FaultKind;
import io.janklab.kernel.trace.FaultPath;
import java.util.EnumMap;
import java.util.Map;

/// The app's page faults so far: how many and how long (ns), by path and kind.
public final class FaultTally {
    private static final FaultPath[] PATHS = FaultPath.values();
    private static final FaultKind[] KINDS = FaultKind.values();

    private final long[] faults = new long[PATHS.length * KINDS.length];
    private final long[] totalNs = new long[PATHS.length * KINDS.length];

    public void add(FaultPath path, FaultKind kind, long ns) {
        faults[index(path, kind)]++;
        totalNs[index(path, kind)] += ns;
    }

    public long faults(FaultPath path, FaultKind kind) {
        return faults[index(path, kind)];
    }

    public long totalNs(FaultPath path, FaultKind kind) {
        return totalNs[index(path, kind)];
    }

    private static int index(FaultPath path, FaultKind kind) {
        return path.ordinal() * KINDS.length + kind.ordinal();
    }

    public FaultCounts counts() {
        Map<FaultPath, Long> byPath = new EnumMap<>(FaultPath.class);
        Map<FaultKind, Long> byKind = new EnumMap<>(FaultKind.class);
        for (FaultPath path : PATHS) {
            for (FaultKind kind : KINDS) {
                if (faults(path, kind) > 0) {
                    byPath.merge(path, faults(path, kind), Long::sum);
                    byKind.merge(kind, faults(path, kind), Long::sum);
                }
            }
        }
        return new FaultCounts(byPath, byKind);
    }
}
