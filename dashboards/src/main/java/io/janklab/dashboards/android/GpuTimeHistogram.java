package io.janklab.dashboards.android;

/// hwui's histogram of GPU times: 25 buckets of 1 ms, named by their end, and one for all slower times, named 4950 ms.
final class GpuTimeHistogram {
    private static final int LAST = 25;
    private static final int LAST_MS = 4950;
    private static final long NS_PER_MS = 1_000_000;

    private final int[] counts = new int[LAST + 1];
    private int total;

    void add(long durationNs) {
        counts[(int) Math.min(durationNs / NS_PER_MS, LAST)]++;
        total++;
    }

    void add(GpuTimeHistogram other) {
        for (int bucket = 0; bucket < counts.length; bucket++) {
            counts[bucket] += other.counts[bucket];
        }
        total += other.total;
    }

    int buckets() {
        return counts.length;
    }

    int count(int bucket) {
        return counts[bucket];
    }

    int ms(int bucket) {
        return bucket == LAST ? LAST_MS : bucket + 1;
    }

    /// `findGPUPercentile`; as in hwui, 4950 without frames.
    int percentileMs(int percentile) {
        int remaining = total - (int) ((long) percentile * total / 100);
        for (int bucket = LAST; bucket >= 0; bucket--) {
            remaining -= counts[bucket];
            if (remaining <= 0) {
                return ms(bucket);
            }
        }
        return 0;
    }
}
