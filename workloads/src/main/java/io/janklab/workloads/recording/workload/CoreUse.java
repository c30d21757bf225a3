package io.janklab.workloads.recording.workload;

import java.util.Arrays;
import java.util.function.IntPredicate;

/// Which threads ran on one core, and when: intervals in the order of time (ns since the recording began).
public final class CoreUse {
    private long[] starts = new long[64];
    private long[] ends = new long[64];
    private int[] threads = new int[64];
    private int size;

    public void add(long start, long end, int thread) {
        if (end <= start) {
            return;
        }
        if (size == starts.length) {
            starts = Arrays.copyOf(starts, size * 2);
            ends = Arrays.copyOf(ends, size * 2);
            threads = Arrays.copyOf(threads, size * 2);
        }
        starts[size] = start;
        ends[size] = end;
        threads[size++] = thread;
    }

    /// How long (ns) threads that `counts` had it between two times.
    public long had(long since, long until, IntPredicate counts) {
        int first = Arrays.binarySearch(ends, 0, size, since);
        long had = 0;
        for (int i = first < 0 ? -first - 1 : first; i < size && starts[i] < until; i++) {
            if (counts.test(threads[i])) {
                had += Math.min(ends[i], until) - Math.max(starts[i], since);
            }
        }
        return had;
    }

    public int size() {
        return size;
    }

    public long start(int interval) {
        return starts[interval];
    }

    public long end(int interval) {
        return ends[interval];
    }

    /// Index of the thread.
    public int thread(int interval) {
        return threads[interval];
    }
}
