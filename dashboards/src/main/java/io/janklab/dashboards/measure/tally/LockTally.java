package io.janklab.dashboards.measure.tally;

import io.janklab.dashboards.measure.result.LockSite;
import io.janklab.dashboards.measure.result.LockUse;
import io.janklab.kernel.trace.LockClass;
import io.janklab.kernel.trace.LockMode;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/// The use of one class of locks in one mode by one family of tasks, so far.
public final class LockTally {
    /// Two significant digits: waits and holds are kept within 1 %.
    private static final int DIGITS = 2;

    private final LockClass lockClass;
    private final LockMode mode;
    private final String taskName;
    private final Histogram waits = new Histogram(DIGITS);
    private final Histogram holds = new Histogram(DIGITS);
    private final Map<String, Site> sites = new TreeMap<>();
    /// Where the lock had been acquired that was waited for.
    private final Map<String, Long> holders = new TreeMap<>();
    private long contentionBounces;
    private long acquisitionBounces;
    private long acquisitions;
    private long waitNs;
    private long holdNs;

    private static final class Site {
        private long contentions;
        private long waitNs;

        void add(long ns) {
            contentions++;
            waitNs += ns;
        }
    }

    public LockTally(LockClass lockClass, LockMode mode, String taskName) {
        this.lockClass = lockClass;
        this.mode = mode;
        this.taskName = taskName;
    }

    /// @param bounced whether another core had acquired it before
    public void acquired(boolean bounced) {
        acquisitions++;
        acquisitionBounces += bounced ? 1 : 0;
    }

    /// A task begins to wait.
    ///
    /// @param bounced whether another core had acquired it
    /// @param holder  where that was; empty if unknown
    public void contended(boolean bounced, String holder) {
        contentionBounces += bounced ? 1 : 0;
        if (!holder.isEmpty()) {
            holders.merge(holder, 1L, Long::sum);
        }
    }

    /// @param site what the task was doing
    public void waited(long ns, String site) {
        sites.computeIfAbsent(site, name -> new Site()).add(ns);
        waits.recordValue(ns);
        waitNs += ns;
    }

    public void held(long ns) {
        holds.recordValue(ns);
        holdNs += ns;
    }

    public LockClass lockClass() {
        return lockClass;
    }

    public LockMode mode() {
        return mode;
    }

    public String taskName() {
        return taskName;
    }

    /// Acquisitions that had to wait, or gave up waiting.
    public long waitCount() {
        return waits.getTotalCount();
    }

    public long waitNs() {
        return waitNs;
    }

    /// Holds that have ended.
    public long holdCount() {
        return holds.getTotalCount();
    }

    public long holdNs() {
        return holdNs;
    }

    public LockUse use() {
        Map<String, LockSite> waitedAt = new TreeMap<>();
        sites.forEach((name, site) -> waitedAt.put(name, new LockSite(name, site.contentions, site.waitNs)));
        return new LockUse(lockClass, mode, taskName, acquisitions, waitNs, holdNs, waits.copy(), holds.copy(), waitedAt, holders,
                contentionBounces, acquisitionBounces);
    }
}
