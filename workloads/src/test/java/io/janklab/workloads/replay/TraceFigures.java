package io.janklab.workloads.replay;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/// Measures how a trace allocates, the way [Mix] describes it. Its `main` writes the mix files:
///
///     java -cp … io.janklab.workloads.replay.TraceFigures ../shared/traces/systemui.zip > systemui.yaml
final class TraceFigures {
    private static final int SIZE_POINTS = 990;
    private static final int LARGEST_POINTS = 101;
    private static final int BUSIEST = 12;

    final AllocationTrace trace;
    final int[] ops = new int[HeapOp.values().length];
    int reallocOfNull;
    int freeOfNull;
    int releasedElsewhere;
    long totalBytes;
    long peakLiveBytes;
    int peakLiveBlocks;
    final LongStream.Builder sizes = LongStream.builder();
    private final LongStream.Builder[] percents = builders();
    private final LongStream.Builder runs = LongStream.builder();
    private final LongStream.Builder[] own = builders();
    private final LongStream.Builder[] other = builders();
    private final int[] allocated = new int[Mix.RANGES.length];
    private final int[] released = new int[Mix.RANGES.length];
    private final int[] elsewhere = new int[Mix.RANGES.length];
    private final int[] ownClock;
    private final int[] birth;
    private final int[] birthOnOwnClock;
    private long liveBytes;
    private int liveBlocks;

    TraceFigures(AllocationTrace trace) {
        this.trace = trace;
        ownClock = new int[trace.threadCount()];
        birth = new int[trace.blockCount()];
        birthOnOwnClock = new int[trace.blockCount()];
        for (int record = 0; record < trace.records(); record++) {
            measure(record);
        }
        measureRuns();
    }

    private static LongStream.Builder[] builders() {
        return LongStream.range(0, Mix.RANGES.length).mapToObj(i -> LongStream.builder()).toArray(LongStream.Builder[]::new);
    }

    private void measure(int record) {
        HeapOp op = trace.op(record);
        ops[op.ordinal()]++;
        ownClock[trace.thread(record)]++;
        switch (op) {
            case FREE -> release(record, trace.block(record));
            case THREAD_DONE -> {}
            case REALLOC -> {
                if (trace.oldBlock(record) == AllocationTrace.NULL) {
                    reallocOfNull++;
                } else {
                    long before = trace.size(birth[trace.oldBlock(record)]);
                    percents[Mix.range(before)].add(100 * trace.size(record) / Math.max(1, before));
                    release(record, trace.oldBlock(record));
                }
                allocate(record);
            }
            default -> allocate(record);
        }
    }

    private void allocate(int record) {
        int block = trace.block(record);
        long size = trace.size(record);
        sizes.add(size);
        totalBytes += size;
        allocated[Mix.range(size)]++;
        birth[block] = record;
        birthOnOwnClock[block] = ownClock[trace.thread(record)];
        liveBytes += size;
        peakLiveBytes = Math.max(peakLiveBytes, liveBytes);
        peakLiveBlocks = Math.max(peakLiveBlocks, ++liveBlocks);
    }

    private void release(int record, int block) {
        if (block == AllocationTrace.NULL) {
            freeOfNull++;
            return;
        }
        long size = trace.size(birth[block]);
        int range = Mix.range(size);
        released[range]++;
        liveBytes -= size;
        liveBlocks--;
        if (trace.thread(birth[block]) == trace.thread(record)) {
            own[range].add(ownClock[trace.thread(record)] - birthOnOwnClock[block]);
        } else {
            elsewhere[range]++;
            releasedElsewhere++;
            other[range].add(record - birth[block]);
        }
    }

    private void measureRuns() {
        int run = 0;
        for (int record = 0; record < trace.records(); record++) {
            if (record > 0 && trace.thread(record) != trace.thread(record - 1)) {
                runs.add(run);
                run = 0;
            }
            run++;
        }
        runs.add(run);
    }

    int count(HeapOp op) {
        return ops[op.ordinal()];
    }

    int allocations() {
        return count(HeapOp.MALLOC) + count(HeapOp.CALLOC) + count(HeapOp.REALLOC) + count(HeapOp.MEMALIGN);
    }

    int releases() {
        return Arrays.stream(released).sum();
    }

    private long[] busiest() {
        long[] records = LongStream.range(0, trace.threadCount()).map(thread -> trace.recordsOf((int) thread)).sorted().toArray();
        return LongStream.range(0, Math.min(BUSIEST, records.length)).map(rank -> records[records.length - 1 - (int) rank]).toArray();
    }

    /// The probability that belongs to the `i`-th value of [Quantiles].
    private static double probability(int i) {
        if (i < 100) {
            return i / 100.0;
        }
        return i < 109 ? 0.99 + (i - 99) / 1000.0 : 0.999 + (i - 108) / 10000.0;
    }

    private static String quantiles(LongStream.Builder values) {
        long[] sorted = values.build().sorted().toArray();
        return join(IntStream.range(0, Quantiles.POINTS).mapToLong(i -> sorted.length == 0 ? 1 : at(sorted, probability(i))));
    }

    /// `points` equally spaced quantiles from the `from`-quantile up to the `to`-quantile.
    private static String steps(long[] sorted, double from, double to, int points) {
        return join(IntStream.range(0, points).mapToLong(i -> at(sorted, from + (to - from) * i / (points - 1))));
    }

    private static long at(long[] sorted, double probability) {
        return sorted[(int) Math.min(sorted.length - 1, sorted.length * probability)];
    }

    private static String join(LongStream values) {
        return values.mapToObj(Long::toString).collect(Collectors.joining(" "));
    }

    private void print(String name) {
        long[] sortedSizes = sizes.build().sorted().toArray();
        System.out.printf("# How the AOSP trace %s allocates; made by TraceFigures, read by Mix.%nrecords: %d%n%n", name, trace.records());
        System.out.printf("# Shares of all allocations.%n");
        System.out.printf("calloc: %.6f%n", count(HeapOp.CALLOC) / (double) allocations());
        System.out.printf("memalign: %.6f%n", count(HeapOp.MEMALIGN) / (double) allocations());
        System.out.printf("reallocOfNull: %.6f%n%n", reallocOfNull / (double) allocations());
        System.out.printf("# Share of releases that are a realloc of the block.%n");
        System.out.printf("realloc: %.6f%n%n", (count(HeapOp.REALLOC) - reallocOfNull) / (double) releases());
        System.out.printf("# Share of frees that free a null pointer.%nfreeOfNull: %.6f%n%n", freeOfNull / (double) count(HeapOp.FREE));
        System.out.printf("# Sizes in bytes: 0 to 99 %% in steps of 0.1 %%, then to the largest in steps of 0.01 %%.%n");
        System.out.printf("sizes: \"%s\"%n", steps(sortedSizes, 0, Mix.TAIL, SIZE_POINTS));
        System.out.printf("largestSizes: \"%s\"%n%n", steps(sortedSizes, Mix.TAIL, 1, LARGEST_POINTS));
        System.out.printf("# Records in a row by one thread (quantiles), and records of the busiest threads.%n");
        System.out.printf("runs: \"%s\"%n", quantiles(runs));
        System.out.printf("threadRecords: \"%s\"%n%n", join(LongStream.of(busiest())));
        System.out.printf("# Per size range (up to 64, 256, 1024, 4096, 16384 bytes, and above): share never freed; share of releases by%n"
                + "# another thread; then as quantiles: size after a realloc in %% of the size before; lifetimes, in the thread's own "
                + "records, and%n"
                + "# in all records where another thread releases.%n");
        for (int range = 0; range < Mix.RANGES.length; range++) {
            System.out.printf("range%d:%n", range);
            System.out.printf("  neverFreed: %.6f%n", 1 - released[range] / (double) allocated[range]);
            System.out.printf("  freedElsewhere: %.6f%n", elsewhere[range] / (double) released[range]);
            System.out.printf("  reallocPercent: \"%s\"%n", quantiles(percents[range]));
            System.out.printf("  ownLifetimes: \"%s\"%n", quantiles(own[range]));
            System.out.printf("  otherLifetimes: \"%s\"%n", quantiles(other[range]));
        }
    }

    public static void main(String[] args) {
        Path file = Path.of(args[0]);
        new TraceFigures(TraceReader.read(file, Map.of())).print(file.getFileName().toString());
    }
}
