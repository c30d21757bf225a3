package io.janklab.dashboards.measure;

import io.janklab.kernel.trace.LockClass;
import io.janklab.kernel.trace.LockMode;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/// The use of one class of locks in one mode by one family of tasks. Times in ns; histograms within 1 %, sums exact.
///
/// @param waits one entry per acquisition that had to wait or gave up; not to be changed
/// @param holds one entry per hold that ended; not to be changed
/// @param sites what they were doing when they waited, by name
public record LockUse(
        LockClass lockClass,
        LockMode mode,
        String taskName,
        long acquisitions,
        long waitNs,
        long holdNs,
        Histogram waits,
        Histogram holds,
        Map<String, LockSite> sites) {
    public LockUse {
        sites = Collections.unmodifiableMap(new TreeMap<>(sites));
    }

    /// Whether `other` counts the same thing in another run.
    public boolean isLike(LockUse other) {
        return lockClass == other.lockClass && mode == other.mode && taskName.equals(other.taskName);
    }

    /// Both runs together.
    public LockUse plus(LockUse other) {
        Histogram bothWaits = waits.copy();
        bothWaits.add(other.waits);
        Histogram bothHolds = holds.copy();
        bothHolds.add(other.holds);
        Map<String, LockSite> bothSites = new TreeMap<>(sites);
        other.sites.forEach((name, site) -> bothSites.merge(
                name, site, (a, b) -> new LockSite(name, a.contentions() + b.contentions(), a.waitNs() + b.waitNs())));
        return new LockUse(
                lockClass,
                mode,
                taskName,
                acquisitions + other.acquisitions,
                waitNs + other.waitNs,
                holdNs + other.holdNs,
                bothWaits,
                bothHolds,
                bothSites);
    }
}
