package io.janklab.dashboards.measure;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// Where time (ns) went: by [Part], the lock waits by chain in words, the sleeps by who ended them. The parts add up to the whole to the
/// nanosecond.
///
/// @param parts ns by part, without zeros
/// @param chains a split of [Part#LOCK_WAIT]
/// @param wakers ns by the family of tasks that ended the sleep; a split of [Part#SLEEP] and [Part#IO]
public record Breakdown(Map<Part, Long> parts, Map<String, ChainShare> chains, Map<String, Long> wakers) {
    /// @param inverted whether a task of lower priority stood in the way
    public record ChainShare(boolean inverted, long ns) {
        ChainShare plus(ChainShare other) {
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
        Map<String, Long> bothWakers = new LinkedHashMap<>(wakers);
        other.wakers.forEach((waker, ns) -> bothWakers.merge(waker, ns, Long::sum));
        return new Breakdown(bothParts, bothChains, bothWakers);
    }
}
