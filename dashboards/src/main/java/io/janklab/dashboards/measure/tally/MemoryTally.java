package io.janklab.dashboards.measure.tally;

import io.janklab.dashboards.measure.result.MemoryOverTime;
import io.janklab.dashboards.measure.result.MemoryUse;
import io.janklab.kernel.trace.RssMember;

/// The app's resident memory and page tables (bytes): now, at their highest, and on average.
public final class MemoryTally {
    private static final long PAGE_SIZE = 4096;

    private static final long NOT_YET = -1;

    private final long[] bytesByMember = new long[RssMember.values().length];
    private long rssBytes;
    private long rssSince = NOT_YET;
    private long rssFirst = NOT_YET;
    /// Bytes times ns; a double, for an hour of a GiB is beyond a long.
    private double rssIntegral;
    private long rssPeakBytes;
    private long pageTableBytes;
    private long pageTablePeakBytes;
    private final SeriesTally rssOverTime = new SeriesTally();
    private final SeriesTally pageTablesOverTime = new SeriesTally();

    public void rss(long now, RssMember member, long pages) {
        integrate(now);
        rssBytes += pages * PAGE_SIZE - bytesByMember[member.ordinal()];
        bytesByMember[member.ordinal()] = pages * PAGE_SIZE;
        rssPeakBytes = Math.max(rssPeakBytes, rssBytes);
        rssOverTime.set(now, rssBytes);
    }

    private void integrate(long now) {
        if (rssFirst == NOT_YET) {
            rssFirst = now;
        } else {
            rssIntegral += (double) rssBytes * (now - rssSince);
        }
        rssSince = now;
    }

    public void pageTables(long now, long bytes) {
        pageTableBytes = bytes;
        pageTablePeakBytes = Math.max(pageTablePeakBytes, bytes);
        pageTablesOverTime.set(now, bytes);
    }

    public long rssBytes() {
        return rssBytes;
    }

    public long pageTableBytes() {
        return pageTableBytes;
    }

    public MemoryOverTime overTime(long now) {
        return new MemoryOverTime(rssOverTime.series(now), pageTablesOverTime.series(now));
    }

    public MemoryUse use(long now) {
        integrate(now);
        long mean = now == rssFirst ? rssBytes : Math.round(rssIntegral / (now - rssFirst));
        return new MemoryUse(mean, rssPeakBytes, pageTablePeakBytes, pageTableBytes);
    }
}
