package io.janklab.dashboards.measure;

import java.util.Arrays;

/// Time (ns) by [Part], with the lock waits split by [Chain]; for one frame while it is made, or summed over many.
final class FrameParts {
    private static final Part[] PARTS = Part.values();

    private final long[] partNs = new long[PARTS.length];
    private Chain[] chains = new Chain[4];
    private long[] chainNs = new long[4];
    private int chainCount;

    void clear() {
        Arrays.fill(partNs, 0);
        chainCount = 0;
    }

    /// `chain` is null unless the time was a lock wait.
    void add(Part part, Chain chain, long ns) {
        partNs[part.ordinal()] += ns;
        if (chain != null) {
            addChain(chain, ns);
        }
    }

    void addAll(FrameParts other) {
        for (int i = 0; i < partNs.length; i++) {
            partNs[i] += other.partNs[i];
        }
        for (int i = 0; i < other.chainCount; i++) {
            addChain(other.chains[i], other.chainNs[i]);
        }
    }

    private void addChain(Chain chain, long ns) {
        int index = 0;
        while (index < chainCount && chains[index] != chain) {
            index++;
        }
        if (index == chainCount) {
            append(chain);
        }
        chainNs[index] += ns;
    }

    private void append(Chain chain) {
        if (chainCount == chains.length) {
            chains = Arrays.copyOf(chains, chainCount * 2);
            chainNs = Arrays.copyOf(chainNs, chainCount * 2);
        }
        chains[chainCount] = chain;
        chainNs[chainCount] = 0;
        chainCount++;
    }

    long totalNs() {
        long total = 0;
        for (long ns : partNs) {
            total += ns;
        }
        return total;
    }

    Breakdown toBreakdown() {
        Breakdown breakdown = Breakdown.EMPTY;
        for (Part part : PARTS) {
            breakdown = breakdown.plus(part, partNs[part.ordinal()]);
        }
        for (int i = 0; i < chainCount; i++) {
            breakdown = breakdown.plus(chains[i].text(), chains[i].isInverted(), chainNs[i]);
        }
        return breakdown;
    }
}
