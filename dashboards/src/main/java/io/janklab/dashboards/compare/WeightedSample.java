package io.janklab.dashboards.compare;

import java.util.Arrays;
import java.util.List;

/// The values of several runs, sorted once, of which each run can be counted any number of times.
///
/// Values lie within ±2⁴⁷ (39 hours in ns); there are at most 2¹⁶ runs.
final class WeightedSample {
    private static final int RUN_BITS = 16;
    private static final int RUN_MASK = (1 << RUN_BITS) - 1;
    private static final int STRIDE = 256;

    /// Value and number of its run, packed so that they sort as one.
    private final long[] entries;
    private final int[] sizes;
    /// How many of the first k · STRIDE entries belong to each run.
    private final int[][] countsBefore;

    /// @param byRun the values of each run
    WeightedSample(List<long[]> byRun) {
        sizes = byRun.stream().mapToInt(run -> run.length).toArray();
        entries = new long[Arrays.stream(sizes).sum()];
        int size = 0;
        for (int run = 0; run < sizes.length; run++) {
            for (long value : byRun.get(run)) {
                entries[size++] = value << RUN_BITS | run;
            }
        }
        Arrays.sort(entries);
        countsBefore = count();
    }

    private int[][] count() {
        int[][] counts = new int[entries.length / STRIDE + 1][];
        int[] current = new int[sizes.length];
        for (int i = 0; i <= entries.length; i++) {
            if (i % STRIDE == 0) {
                counts[i / STRIDE] = current.clone();
            }
            if (i < entries.length) {
                current[run(i)]++;
            }
        }
        return counts;
    }

    private int run(int index) {
        return (int) entries[index] & RUN_MASK;
    }

    /// The `percent`-th percentile, by the rule of [Percentiles], of a sample that holds run `i` `weights[i]` times.
    double percentile(double percent, int[] weights) {
        long size = weigh(sizes, weights);
        if (size == 0) {
            return Double.NaN;
        }
        double index = percent / 100 * (size - 1);
        long rank = (long) index;
        long below = valueAt(rank, weights);
        long above = valueAt(Math.min(rank + 1, size - 1), weights);
        return below + (index - rank) * (above - below);
    }

    private long valueAt(long rank, int[] weights) {
        int block = blockOf(rank, weights);
        long seen = weigh(countsBefore[block], weights);
        int index = block * STRIDE - 1;
        while (seen <= rank) {
            index++;
            seen += weights[run(index)];
        }
        return entries[index] >> RUN_BITS;
    }

    /// The last block that begins at or before `rank`.
    private int blockOf(long rank, int[] weights) {
        int low = 0;
        int high = countsBefore.length - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (weigh(countsBefore[middle], weights) <= rank) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    private static long weigh(int[] counts, int[] weights) {
        long sum = 0;
        for (int run = 0; run < counts.length; run++) {
            sum += (long) counts[run] * weights[run];
        }
        return sum;
    }
}
