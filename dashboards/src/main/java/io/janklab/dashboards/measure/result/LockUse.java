package io.janklab.dashboards.measure.result;

import io.janklab.kernel.trace.LockClass;
import io.janklab.kernel.trace.LockMode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/// The use of one class of locks in one mode by one family of tasks. Times in ns; histograms within 1 %, sums exact.
///
/// @param waits one entry per acquisition that had to wait or gave up; not to be changed
/// @param holds one entry per hold that ended; not to be changed
/// @param sites what they were doing when they waited, by name
/// @param holders how often the lock they waited for had last been acquired by a task that was doing that
/// @param contentionBounces waits for a lock that another core had acquired last
/// @param acquisitionBounces acquisitions of one
public record LockUse(
        LockClass lockClass,
        LockMode mode,
        String taskName,
        long acquisitions,
        long waitNs,
        long holdNs,
        Histogram waits,
        Histogram holds,
        Map<String, LockSite> sites,
        Map<String, Long> holders,
        long contentionBounces,
        long acquisitionBounces) {
    public LockUse {
        sites = Collections.unmodifiableMap(new TreeMap<>(sites));
        holders = Collections.unmodifiableMap(new TreeMap<>(holders));
    }

    /// All of `alike`, of which there is at least one, under the first one's name.
    private static LockUse together(List<LockUse> alike) {
        LockUse first = alike.getFirst();
        if (alike.size() == 1) {
            return first;
        }
        Histogram allWaits = first.waits.copy();
        Histogram allHolds = first.holds.copy();
        Map<String, LockSite> allSites = new TreeMap<>(first.sites);
        Map<String, Long> allHolders = new TreeMap<>(first.holders);
        for (LockUse other : alike.subList(1, alike.size())) {
            allWaits.add(other.waits);
            allHolds.add(other.holds);
            other.holders.forEach((name, count) -> allHolders.merge(name, count, Long::sum));
            other.sites.forEach((name, site) -> allSites.merge(
                    name, site, (a, b) -> new LockSite(name, a.contentions() + b.contentions(), a.waitNs() + b.waitNs())));
        }
        return new LockUse(
                first.lockClass,
                first.mode,
                first.taskName,
                alike.stream().mapToLong(LockUse::acquisitions).sum(),
                alike.stream().mapToLong(LockUse::waitNs).sum(),
                alike.stream().mapToLong(LockUse::holdNs).sum(),
                allWaits,
                allHolds,
                allSites,
                allHolders,
                alike.stream().mapToLong(LockUse::contentionBounces).sum(),
                alike.stream().mapToLong(LockUse::acquisitionBounces).sum());
    }

    /// Several runs: what counts the same thing in each is added up, in the order of first appearance.
    public static List<LockUse> sum(List<LockUse> uses) {
        return sumBy(use -> use.lockClass + " " + use.mode + " " + use.taskName, uses);
    }

    /// Those for which `key` is the same are added up, in the order of first appearance.
    static List<LockUse> sumBy(Function<LockUse, String> key, List<LockUse> uses) {
        return uses.stream().collect(Collectors.groupingBy(key, LinkedHashMap::new, Collectors.toList())).values().stream()
                .map(LockUse::together).toList();
    }
}
