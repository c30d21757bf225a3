package io.janklab.dashboards.compare;

import java.util.Arrays;
import java.util.List;

/// The values of several runs, sorted once, of which each run can be counted any number of times.
///
/// Values lie within ±2⁴⁷ (39 hours in ns); there are at most 2¹⁶ runs.
final class WeightedSample {
    private static final int RUN_BITS = 16;
    private static final int RUN_MASK = (1 << RUN_BITS) - 1;
    private static final int STRIDE = 64;

    /// Value and number of its run, packed so that they sort as one.
    private final long[] entries;
    private final int[] sizes;
    /// How many values of each run there are before the first k · STRIDE entries' end.
    private final int[][] countsBefore;

    /// @param sizes of the whole runs
    /// @param below how many values of each run are left out because they are smaller than all entries
    private WeightedSample(int[] sizes, int[] below, long[] entries) {
        this.sizes = sizes;
        this.entries = entries;
        Arrays.sort(entries);
        countsBefore = count(below);
    }

    /// @param byRun the values of each run
    WeightedSample(List<long[]> byRun) {
        this(sizes(byRun), new int[byRun.size()], entries(byRun, new int[byRun.size()], sizes(byRun), new long[byRun.size()]));
    }

    /// As much of the runs as their common percentile can depend on, whichever of them are counted: it lies between the lowest and the
    /// highest of their own.
    ///
    /// @param sortedRuns the values of each run, sorted
    /// @param less what is subtracted from the values of each run
    static WeightedSample around(double percent, List<long[]> sortedRuns, long[] less) {
        long lowest = Long.MAX_VALUE;
        long highest = Long.MIN_VALUE;
        for (int run = 0; run < less.length; run++) {
            long[] values = sortedRuns.get(run);
            if (values.length > 0) {
                double index = percent / 100 * (values.length - 1);
                lowest = Math.min(lowest, values[(int) index] - less[run]);
                highest = Math.max(highest, values[(int) Math.ceil(index)] - less[run]);
            }
        }
        int[] from = new int[less.length];
        int[] to = new int[less.length];
        for (int run = 0; run < less.length; run++) {
            from[run] = countBelow(sortedRuns.get(run), lowest + less[run]);
            to[run] = countBelow(sortedRuns.get(run), highest + less[run] + 1);
        }
        return new WeightedSample(sizes(sortedRuns), from, entries(sortedRuns, from, to, less));
    }

    private static int countBelow(long[] sorted, long value) {
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle] < value) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static int[] sizes(List<long[]> byRun) {
        return byRun.stream().mapToInt(run -> run.length).toArray();
    }

    private static long[] entries(List<long[]> byRun, int[] from, int[] to, long[] less) {
        long[] entries = new long[Arrays.stream(to).sum() - Arrays.stream(from).sum()];
        int size = 0;
        for (int run = 0; run < less.length; run++) {
            for (int i = from[run]; i < to[run]; i++) {
                entries[size++] = (byRun.get(run)[i] - less[run]) << RUN_BITS | run;
            }
        }
        return entries;
    }

    private int[][] count(int[] below) {
        int[][] counts = new int[entries.length / STRIDE + 1][];
        int[] current = below.clone();
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
        long above = index == rank ? below : valueAt(rank + 1, weights);
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
