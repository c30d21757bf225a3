package io.janklab.dashboards.measure;

/// The app's resident memory and page tables (bytes): now, and at their highest.
public final class MemoryTally {
    private static final long PAGE_SIZE = 4096;

    private long rssBytes;
    private long rssPeakBytes;
    private long pageTableBytes;
    private long pageTablePeakBytes;

    void rss(long pages) {
        rssBytes = pages * PAGE_SIZE;
        rssPeakBytes = Math.max(rssPeakBytes, rssBytes);
    }

    void pageTables(long bytes) {
        pageTableBytes = bytes;
        pageTablePeakBytes = Math.max(pageTablePeakBytes, bytes);
    }

    public long rssBytes() {
        return rssBytes;
    }

    public long pageTableBytes() {
        return pageTableBytes;
    }

    MemoryPeaks peaks() {
        return new MemoryPeaks(rssPeakBytes, pageTablePeakBytes, pageTableBytes);
    }
}
