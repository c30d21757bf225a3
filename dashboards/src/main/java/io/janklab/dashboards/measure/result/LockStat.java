package io.janklab.dashboards.measure.result;

import io.janklab.kernel.trace.LockClass;
import io.janklab.kernel.trace.LockMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.HdrHistogram.Histogram;

/// A class of locks in one mode as `/proc/lock_stat` would have it (Linux `Documentation/locking/lockstat.rst`), all tasks together. Times
/// in ns, minima and maxima within 1 %, sums exact.
///
/// A trylock that succeeds is an acquisition and never a bounce, and is not remembered as the lock's last place, since the kernel calls no
/// `lock_acquired` there: so are the VMA lock's reads and a page fault's first attempt at mmap_lock.
///
/// **Caveats.** Spinlocks report contention alone, not how often and for how long they are held. `PG_locked` and futexes are no locks to
/// lockdep, and so bounce never.
///
/// @param contentionBounces  contentions for a lock that had last been acquired on another core (`con-bounces`)
/// @param contentions        acquisitions that had to wait
/// @param acquisitionBounces acquisitions of such a lock (`acq-bounces`), but by trylock
/// @param sites              the contention points, those most waited at first: what waiters were doing
/// @param holders            the contending points, most frequent first: what the last task to acquire it had been doing
public record LockStat(
        LockClass lockClass, LockMode mode, long contentionBounces, long contentions, Times waits, long acquisitionBounces,
        long acquisitions, Times holds, List<LockSite> sites, List<Holder> holders) {
    /// @param contentions how often a task waited for a lock that had been acquired there
    public record Holder(String name, long contentions) {}

    /// @param avg 0 if there are none
    public record Times(long min, long max, long total, long avg) {
        static Times of(Histogram histogram, long total) {
            long count = histogram.getTotalCount();
            return count == 0 ? new Times(0, 0, 0, 0) : new Times(histogram.getMinValue(), histogram.getMaxValue(), total, total / count);
        }
    }

    public LockStat {
        sites = List.copyOf(sites);
        holders = List.copyOf(holders);
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
                use.lockClass(), use.mode(), use.contentionBounces(), use.waits().getTotalCount(), Times.of(use.waits(), use.waitNs()),
                use.acquisitionBounces(), use.acquisitions(), Times.of(use.holds(), use.holdNs()), sites(use), holders(use))));
        stats.sort(Comparator.comparingLong(LockStat::contentions).reversed().thenComparing(LockStat::name));
        return stats;
    }

    private static List<Holder> holders(LockUse use) {
        return use.holders().entrySet().stream().map(each -> new Holder(each.getKey(), each.getValue()))
                .sorted(Comparator.comparingLong(Holder::contentions).reversed().thenComparing(Holder::name)).toList();
    }

    private static List<LockSite> sites(LockUse use) {
        return use.sites().values().stream().sorted(Comparator.comparingLong(LockSite::waitNs).reversed().thenComparing(LockSite::name))
                .toList();
    }
}
