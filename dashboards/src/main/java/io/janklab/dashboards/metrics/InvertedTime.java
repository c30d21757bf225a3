package io.janklab.dashboards.metrics;

import io.janklab.dashboards.measure.tally.Chain;
import java.util.ArrayList;
import java.util.List;

/// The inverted chains that share one watched task, lock and holder's activity: one meter for them all.
final class InvertedTime {
    private final List<Chain> chains = new ArrayList<>();

    void add(Chain chain) {
        chains.add(chain);
    }

    long waits() {
        return chains.stream().mapToLong(Chain::waits).sum();
    }

    double totalNs() {
        return chains.stream().mapToLong(Chain::ns).sum();
    }
}
