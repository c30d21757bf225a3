package io.janklab.dashboards.measure.result;

import io.janklab.kernel.trace.LockClass;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// The time some tasks were inverted, and its splits. Each split adds up to [#totalNs] and is ordered by time, longest first.
///
/// @param chains inverted ones, costliest first
public record InversionSplit(List<ChainTotal> chains) {
    public long totalNs() {
        return chains.stream().mapToLong(ChainTotal::ns).sum();
    }

    /// While a task of lower priority held, or was queued ahead for, the very lock waited for (ns).
    public long directNs() {
        return chains.stream().filter(ChainTotal::direct).mapToLong(ChainTotal::ns).sum();
    }

    /// While the task that held that lock, or was queued ahead, waited in turn for a task of lower priority (ns).
    public long transitiveNs() {
        return totalNs() - directNs();
    }

    public Map<LockClass, Long> byLock() {
        return by(ChainTotal::lockClass);
    }

    /// By the family of the task at the end of the chain.
    public Map<String, Long> byHolder() {
        return by(ChainTotal::holder);
    }

    /// By what that task did.
    public Map<HolderActivity, Long> byActivity() {
        return by(ChainTotal::activity);
    }

    private <K> Map<K, Long> by(Function<ChainTotal, K> key) {
        Map<K, Long> sums = new LinkedHashMap<>();
        chains.forEach(chain -> sums.merge(key.apply(chain), chain.ns(), Long::sum));
        Map<K, Long> sorted = new LinkedHashMap<>();
        sums.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .forEach(sum -> sorted.put(sum.getKey(), sum.getValue()));
        return sorted;
    }
}
