package io.janklab.dashboards.measure;

import io.janklab.kernel.trace.LockClass;
import io.janklab.kernel.trace.LockMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.HdrHistogram.Histogram;

/// A class of locks in one mode as `/proc/lock_stat` would have it (Linux `Documentation/locking/lockstat.rst`), all tasks together. Times
/// in ns, minima and maxima within 1 %, sums exact.
///
/// **Caveats.** The columns of bounced cache lines are left out. Spinlocks report contention alone, not how often and for how long they are
/// held.
///
/// @param contentions acquisitions that had to wait
/// @param sites       the contention points, those most waited at first: what waiters were doing
public record LockStat(
        LockClass lockClass, LockMode mode, long contentions, Times waits, long acquisitions, Times holds, List<LockSite> sites) {
    /// @param avg 0 if there are none
    public record Times(long min, long max, long total, long avg) {
        static Times of(Histogram histogram, long total) {
            long count = histogram.getTotalCount();
            return count == 0 ? new Times(0, 0, 0, 0) : new Times(histogram.getMinValue(), histogram.getMaxValue(), total, total / count);
        }
    }

    public LockStat {
        sites = List.copyOf(sites);
    }

    /// `mmap_lock-R`, `ptl`.
    public String name() {
        if (!lockClass.hasReaders()) {
            return lockClass.label();
        }
        return lockClass.label() + (mode == LockMode.READ ? "-R" : "-W");
    }

    /// One for each class and mode that was used, most contended first, as the kernel sorts them.
    public static List<LockStat> of(List<LockUse> uses) {
        List<LockStat> stats = new ArrayList<>();
        LockUse.sumBy(use -> use.lockClass() + " " + use.mode(), uses).forEach(use -> stats.add(new LockStat(
                use.lockClass(), use.mode(), use.waits().getTotalCount(), Times.of(use.waits(), use.waitNs()),
                use.acquisitions(), Times.of(use.holds(), use.holdNs()), sites(use))));
        stats.sort(Comparator.comparingLong(LockStat::contentions).reversed().thenComparing(LockStat::name));
        return stats;
    }

    private static List<LockSite> sites(LockUse use) {
        return use.sites().values().stream().sorted(Comparator.comparingLong(LockSite::waitNs).reversed().thenComparing(LockSite::name))
                .toList();
    }
}
