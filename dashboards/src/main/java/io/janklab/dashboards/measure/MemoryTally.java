package io.janklab.dashboards.measure;

/// The app's resident memory and page tables (bytes): now, and at their highest.
public final class MemoryTally {
    private static final long PAGE_SIZE = 4096;

    private long rssBytes;
    private long rssPeakBytes;
    private long pageTableBytes;
    private long pageTablePeakBytes;
    private final SeriesTally rssOverTime = new SeriesTally();
    private final SeriesTally pageTablesOverTime = new SeriesTally();

    void rss(long now, long pages) {
        rssBytes = pages * PAGE_SIZE;
        rssPeakBytes = Math.max(rssPeakBytes, rssBytes);
        rssOverTime.set(now, rssBytes);
    }

    void pageTables(long now, long bytes) {
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

    MemoryOverTime overTime(long now) {
        return new MemoryOverTime(rssOverTime.series(now), pageTablesOverTime.series(now));
    }

    MemoryPeaks peaks() {
        return new MemoryPeaks(rssPeakBytes, pageTablePeakBytes, pageTableBytes);
    }
}
