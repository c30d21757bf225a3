package io.janklab.dashboards.measure.result;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// Where time (ns) went: by [Part], the lock waits by chain in words, the sleeps by the task that ended them, the waits for a CPU by the
/// task that had it. The parts add up to the whole to the nanosecond.
///
/// @param parts ns by part, without zeros
/// @param chains a split of [Part#LOCK_WAIT]
/// @param wakers ns by the family of tasks that ended the sleep; a split of [Part#SLEEP] and [Part#IO]
/// @param rivals ns by the family of tasks that ran on the CPU meanwhile; a split of [Part#RUNNABLE]
/// @param stops ns by the reason for the stop (`GcStop`), in words; a split of [Part#GC_PAUSE]
/// @param collectors ns by the collecting task and its CPU, for [Part#GC_PAUSE]; of a single frame
/// @param places ns by which of the two threads ran on which CPU; a split of [Part#OWN_WORK], of a single frame
public record Breakdown(
        Map<Part, Long> parts,
        Map<String, ChainShare> chains,
        Map<String, Long> wakers,
        Map<String, Long> rivals,
        Map<String, Long> stops,
        Map<String, Long> collectors,
        Map<String, Long> places) {
    /// @param inverted whether a task of lower priority blocked it
    public record ChainShare(boolean inverted, long ns) {
        public ChainShare plus(ChainShare other) {
            return new ChainShare(inverted, ns + other.ns);
        }
    }

    public long ns(Part part) {
        return parts.getOrDefault(part, 0L);
    }

    public long totalNs() {
        return parts.values().stream().mapToLong(Long::longValue).sum();
    }

    public long invertedNs() {
        return chains.values().stream().filter(ChainShare::inverted).mapToLong(ChainShare::ns).sum();
    }

    public Breakdown plus(Breakdown other) {
        Map<Part, Long> bothParts = new EnumMap<>(Part.class);
        bothParts.putAll(parts);
        other.parts.forEach((part, ns) -> bothParts.merge(part, ns, Long::sum));
        Map<String, ChainShare> bothChains = new LinkedHashMap<>(chains);
        other.chains.forEach((chain, share) -> bothChains.merge(chain, share, ChainShare::plus));
        return new Breakdown(
                bothParts,
                bothChains,
                sum(wakers, other.wakers),
                sum(rivals, other.rivals),
                sum(stops, other.stops),
                sum(collectors, other.collectors),
                sum(places, other.places));
    }

    private static Map<String, Long> sum(Map<String, Long> a, Map<String, Long> b) {
        Map<String, Long> both = new LinkedHashMap<>(a);
        b.forEach((cause, ns) -> both.merge(cause, ns, Long::sum));
        return both;
    }
}
