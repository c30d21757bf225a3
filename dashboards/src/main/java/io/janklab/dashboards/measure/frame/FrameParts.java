package io.janklab.dashboards.measure.frame;

import io.janklab.dashboards.measure.result.Breakdown;
import io.janklab.dashboards.measure.result.Part;
import io.janklab.dashboards.measure.tally.Chain;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Time (ns) by [Part]; the lock waits split by [Chain], the sleeps by the task that ended them, the waits for a CPU by the task that had
/// it. For one frame in progress, or summed over many.
final class FrameParts {
    private static final Part[] PARTS = Part.values();

    private final long[] partNs = new long[PARTS.length];
    private final Shares<Chain> chains = new Shares<>();
    private final Shares<String> wakers = new Shares<>();
    private final Shares<String> rivals = new Shares<>();
    private final Shares<String> stops = new Shares<>();
    private final Shares<String> collectors = new Shares<>();
    private final Shares<String> places = new Shares<>();

    void clear() {
        Arrays.fill(partNs, 0);
        chains.clear();
        wakers.clear();
        rivals.clear();
        stops.clear();
        collectors.clear();
        places.clear();
    }

    /// `chain` is null unless the time was a lock wait.
    void add(Part part, @Nullable Chain chain, long ns) {
        partNs[part.ordinal()] += ns;
        if (chain != null) {
            chains.add(chain, ns);
        }
    }

    /// `waker` ended a sleep whose `ns` have been added before.
    void sleepEndedBy(String waker, long ns) {
        wakers.add(waker, ns);
    }

    /// `rival` had the CPU during a wait for it whose `ns` have been added before.
    void keptFromCpuBy(String rival, long ns) {
        rivals.add(rival, ns);
    }

    /// Why the collector stopped the thread for `ns` that have been added before, and which task collected where; null if unknown.
    void stoppedBy(GcStop stop, @Nullable String collector, long ns) {
        stops.add(stop.words(), ns);
        if (collector != null) {
            collectors.add(collector, ns);
        }
    }

    /// Which thread ran on which CPU for `ns` that have been added before.
    void ranAt(String place, long ns) {
        places.add(place, ns);
    }

    /// The CPUs are not recorded for many frames.
    void addAll(FrameParts other) {
        for (int i = 0; i < partNs.length; i++) {
            partNs[i] += other.partNs[i];
        }
        chains.addAll(other.chains);
        wakers.addAll(other.wakers);
        rivals.addAll(other.rivals);
        stops.addAll(other.stops);
    }

    long totalNs() {
        long total = 0;
        for (long ns : partNs) {
            total += ns;
        }
        return total;
    }

    Breakdown toBreakdown() {
        Map<Part, Long> parts = new EnumMap<>(Part.class);
        for (Part part : PARTS) {
            if (partNs[part.ordinal()] > 0) {
                parts.put(part, partNs[part.ordinal()]);
            }
        }
        Map<String, Breakdown.ChainShare> byChain = new LinkedHashMap<>();
        chains.forEach((chain, ns) -> byChain.merge(
                chain.text(), new Breakdown.ChainShare(chain.isInverted(), ns), Breakdown.ChainShare::plus));
        return new Breakdown(parts, byChain, toMap(wakers), toMap(rivals), toMap(stops), toMap(collectors), toMap(places));
    }

    private static Map<String, Long> toMap(Shares<String> shares) {
        Map<String, Long> map = new LinkedHashMap<>();
        shares.forEach((cause, ns) -> map.merge(cause, ns, Long::sum));
        return map;
    }
}
