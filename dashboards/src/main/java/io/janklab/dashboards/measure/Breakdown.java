package io.janklab.dashboards.measure;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// Where time (ns) went: by [Part], and the lock waits by chain in words. The parts add up to the whole to the nanosecond.
///
/// @param parts ns by part, without zeros
/// @param chains ns and inversion by chain, a split of [Part#LOCK_WAIT]
public record Breakdown(Map<Part, Long> parts, Map<String, ChainShare> chains) {
    public static final Breakdown EMPTY = new Breakdown(Map.of(), Map.of());

    /// @param inverted whether a task of lower priority stood in the way
    public record ChainShare(boolean inverted, long ns) {}

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
        Breakdown sum = this;
        for (Map.Entry<Part, Long> entry : other.parts.entrySet()) {
            sum = sum.plus(entry.getKey(), entry.getValue());
        }
        for (Map.Entry<String, ChainShare> entry : other.chains.entrySet()) {
            sum = sum.plus(entry.getKey(), entry.getValue().inverted(), entry.getValue().ns());
        }
        return sum;
    }

    Breakdown plus(Part part, long ns) {
        if (ns == 0) {
            return this;
        }
        Map<Part, Long> sum = new EnumMap<>(Part.class);
        sum.putAll(parts);
        sum.merge(part, ns, Long::sum);
        return new Breakdown(sum, chains);
    }

    Breakdown plus(String chain, boolean inverted, long ns) {
        Map<String, ChainShare> sum = new LinkedHashMap<>(chains);
        sum.merge(chain, new ChainShare(inverted, ns), (a, b) -> new ChainShare(inverted, a.ns() + b.ns()));
        return new Breakdown(parts, sum);
    }
}
