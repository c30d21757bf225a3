package io.janklab.allocator.scudo;

/// When a region's pages were last released and how much must be free before the next attempt (`ReleaseToOsInfo` in `primary64.h`).
final class ReleaseInfo {
    /// Pages that must have become free in a group of small blocks before it is examined again (`SmallerBlockReleasePageDelta`).
    static final long SMALL_BLOCK_DELTA =
            (FreeList.GROUP / SizeClassMap.PAGE) * (1 + SizeClassMap.size(1) / 16) / 100 * SizeClassMap.PAGE;
    private static final long MOST_THRESHOLD = FreeList.GROUP / 2;

    private final boolean small;
    private final long leastAttempt;
    private long freeAtLastCheckpoint;
    /// Bytes that must become free before a release is tried.
    private long threshold;
    private long pending;
    private long lastReleaseNs = Long.MIN_VALUE / 2;

    // Statistics
    long rangesReleased;
    long lastReleasedBytes;

    ReleaseInfo(long blockSize) {
        this.small = isSmall(blockSize);
        this.leastAttempt = SizeClassMap.roundUp(blockSize, SizeClassMap.PAGE);
        this.threshold = small ? SMALL_BLOCK_DELTA : leastAttempt;
    }

    /// Whether so many blocks share a page that searching for free pages is expensive (`isSmallBlock`).
    static boolean isSmall(long blockSize) {
        return blockSize < SizeClassMap.PAGE / 16;
    }

    /// Bytes that have become free since the last release.
    long pushed(long freeBytes) {
        return Math.max(0, freeBytes - freeAtLastCheckpoint);
    }

    /// Whether enough is free, and the last release long enough ago (`hasChanceToReleasePages`).
    boolean isDue(long freeBytes, long now, long intervalNs) {
        freeAtLastCheckpoint = Math.min(freeAtLastCheckpoint, freeBytes);
        long pushed = pushed(freeBytes);
        if (pushed < threshold / 2 || intervalNs < 0) {
            return false;
        }
        if (pushed < threshold) {
            return now - lastReleaseNs >= 2 * intervalNs;
        }
        if (now - lastReleaseNs >= intervalNs) {
            return true;
        }
        pending = small ? pending : pushed;
        return false;
    }

    /// Virtual time from which [#isDue] would be true if nothing more happened; [Long#MAX_VALUE] if never.
    long dueAt(long freeBytes, long intervalNs) {
        long pushed = pushed(freeBytes);
        if (pushed < threshold / 2 || intervalNs < 0) {
            return Long.MAX_VALUE;
        }
        return lastReleaseNs + (pushed < threshold ? 2 * intervalNs : intervalNs);
    }

    /// The least that any group of small blocks still lacks to be examined.
    void setThreshold(long bytes) {
        threshold = bytes;
    }

    /// A release has been attempted and returned `releasedBytes` in `ranges` pieces; when it began `freeBytes` were free.
    void released(long freeBytes, long releasedBytes, long ranges, long now) {
        if (ranges > 0) {
            boolean waitedTooLong = pushed(freeBytes) < threshold && releasedBytes > lastReleasedBytes + leastAttempt;
            if (!small && waitedTooLong) {
                threshold = Math.max(threshold / 2, leastAttempt);
            }
            freeAtLastCheckpoint = freeBytes;
            rangesReleased += ranges;
            lastReleasedBytes = releasedBytes;
        }
        lastReleaseNs = now;
        if (pending > 0) {
            threshold = Math.min(threshold + pending / 2, MOST_THRESHOLD);
            pending = 0;
        }
    }
}
