package io.janklab.dashboards.android;

/// hwui's histogram of frame times (`ProfileData.cpp`): 57 buckets from 5 ms on, of 1, then 2, then 4 ms, and 97 slow ones of 50 ms from
/// 150 ms on. A bucket is called by a time in it (ms), and so are percentiles: nothing is interpolated.
final class FrameTimeHistogram {
    private static final int MIN_THRESHOLD = 5;
    private static final int INTERVALS_OF_2_MS = 32;
    private static final int INTERVALS_OF_4_MS = 48;
    private static final int FAST_BUCKETS = 57;
    private static final int SLOW_BUCKETS = 97;
    private static final int SLOW_START_MS = 150;
    private static final int SLOW_INTERVAL_MS = 50;
    private static final long NS_PER_MS = 1_000_000;

    private final int[] counts = new int[FAST_BUCKETS + SLOW_BUCKETS];
    private int total;

    void add(long durationNs) {
        counts[bucket(durationNs / NS_PER_MS)]++;
        total++;
    }

    void add(FrameTimeHistogram other) {
        for (int bucket = 0; bucket < counts.length; bucket++) {
            counts[bucket] += other.counts[bucket];
        }
        total += other.total;
    }

    /// `frameCountIndexForFrameTime`; a time beyond the fast buckets goes into a slow one, one from 137 to 149 ms into the first.
    private static int bucket(long ms) {
        long index = ms;
        index = index > INTERVALS_OF_4_MS ? INTERVALS_OF_4_MS + (index - INTERVALS_OF_4_MS) / 2 : index;
        index = index > INTERVALS_OF_2_MS ? INTERVALS_OF_2_MS + (index - INTERVALS_OF_2_MS) / 2 : index;
        index = Math.max(0, index - MIN_THRESHOLD);
        if (index < FAST_BUCKETS) {
            return (int) index;
        }
        long slow = Math.max(0, ms - SLOW_START_MS) / SLOW_INTERVAL_MS;
        return FAST_BUCKETS + (int) Math.min(slow, SLOW_BUCKETS - 1);
    }

    int total() {
        return total;
    }

    int buckets() {
        return counts.length;
    }

    int count(int bucket) {
        return counts[bucket];
    }

    /// `frameTimeForFrameCountIndex` and `frameTimeForSlowFrameCountIndex`.
    int ms(int bucket) {
        if (bucket >= FAST_BUCKETS) {
            return SLOW_START_MS + (bucket - FAST_BUCKETS) * SLOW_INTERVAL_MS;
        }
        int index = bucket + MIN_THRESHOLD;
        index += Math.max(0, index - INTERVALS_OF_2_MS);
        return index > INTERVALS_OF_4_MS ? index + index - INTERVALS_OF_4_MS + 1 : index;
    }

    /// `findPercentile`: from the slow end, the bucket in which the frame at that rank lies; as in hwui, 4950 without frames.
    int percentileMs(int percentile) {
        int remaining = total - (int) ((long) percentile * total / 100);
        for (int bucket = counts.length - 1; bucket >= 0; bucket--) {
            remaining -= counts[bucket];
            if (remaining <= 0) {
                return ms(bucket);
            }
        }
        return 0;
    }
}
