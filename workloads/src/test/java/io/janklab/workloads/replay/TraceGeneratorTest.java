package io.janklab.workloads.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import org.junit.jupiter.api.Test;

/// A generated trace as long as the recorded one has the recorded one's figures.
final class TraceGeneratorTest {
    private static final TraceFigures SYSTEMUI = new TraceFigures(inMemory(new GeneratedTrace("systemui", 786_454, 1)));
    private static final TraceFigures SURFACEFLINGER = new TraceFigures(inMemory(new GeneratedTrace("surfaceflinger", 2_455_240, 1)));

    @Test
    void operationsComeInTheRecordedShares() {
        assertThat(SYSTEMUI.trace.records()).isEqualTo(786_454);
        assertThat(SYSTEMUI.count(HeapOp.MALLOC)).isCloseTo(383_154, withinPercentage(2));
        assertThat(SYSTEMUI.count(HeapOp.CALLOC)).isCloseTo(7_847, withinPercentage(6));
        assertThat(SYSTEMUI.count(HeapOp.REALLOC)).isCloseTo(29_167, withinPercentage(4));
        assertThat(SYSTEMUI.count(HeapOp.MEMALIGN)).isCloseTo(1_066, withinPercentage(10));
        assertThat(SYSTEMUI.count(HeapOp.FREE)).isCloseTo(364_863, withinPercentage(2));
        assertThat(SYSTEMUI.freeOfNull).isCloseTo(15_818, withinPercentage(4));
        assertThat(SURFACEFLINGER.count(HeapOp.MALLOC)).isCloseTo(1_142_990, withinPercentage(2));
        assertThat(SURFACEFLINGER.count(HeapOp.FREE)).isCloseTo(1_194_239, withinPercentage(2));
    }

    @Test
    void sizesHaveTheRecordedQuantiles() {
        assertThat(quantiles(SYSTEMUI)).containsExactly(3, 16, 48, 140, 696, 1_036, 7_116, 34_816, 278_528);
        assertThat(quantiles(SURFACEFLINGER)).containsExactly(8, 24, 80, 80, 128, 272, 4_096, 12_256, 278_528);
    }

    @Test
    void liveHeapGrowsToTheRecordedPeak() {
        assertThat(SYSTEMUI.peakLiveBytes).isCloseTo(10_441_709, withinPercentage(10));
        assertThat(SYSTEMUI.peakLiveBlocks).isCloseTo(60_097, withinPercentage(10));
        assertThat(SYSTEMUI.totalBytes).isCloseTo(202_033_137, withinPercentage(10));
        assertThat(SURFACEFLINGER.totalBytes).isCloseTo(359_355_753, withinPercentage(10));
    }

    @Test
    void asManyBlocksAsRecordedAreReleasedByAnotherThread() {
        assertThat(SYSTEMUI.releasedElsewhere).isCloseTo(39_476, withinPercentage(6));
        assertThat(SURFACEFLINGER.releasedElsewhere).isCloseTo(22_209, withinPercentage(6));
    }

    @Test
    void sameSeedGivesTheSameTrace() {
        long first = fingerprint("systemui", 10_000, 7);

        assertThat(fingerprint("systemui", 10_000, 7)).isEqualTo(first);
        assertThat(fingerprint("systemui", 10_000, 8)).isNotEqualTo(first);
    }

    /// An hour of `scroll` has 72 million records; here half as many again as the recording, three times over.
    @Test
    void heapStopsGrowingWhereTheRecordingEnds() {
        TraceGenerator generator = new GeneratedTrace("systemui", 4_800_000, 1).open();
        pass(generator, 1_200_000);
        int plateau = generator.live();
        for (int i = 0; i < 3; i++) {
            pass(generator, 1_200_000);
            assertThat(generator.live()).isCloseTo(plateau, withinPercentage(10));
        }
    }

    private static void pass(RecordSource source, int records) {
        TraceRecord record = new TraceRecord();
        for (int i = 0; i < records; i++) {
            source.next(record);
        }
    }

    private static AllocationTrace inMemory(HeapTrace trace) {
        AllocationTrace.Builder builder = new AllocationTrace.Builder(trace.name());
        for (int thread = 0; thread < trace.threadCount(); thread++) {
            builder.newThread(thread + 1);
        }
        RecordSource source = trace.open();
        TraceRecord record = new TraceRecord();
        for (long i = 0; i < trace.records(); i++) {
            source.next(record);
            if (record.block() != TraceRecord.NULL && record.op() != HeapOp.FREE) {
                assertThat((long) builder.newBlock()).isEqualTo(record.block());
            }
            long extra = record.op() == HeapOp.REALLOC ? record.released() : record.alignment();
            builder.add(record.op(), record.thread(), (int) record.block(), (int) extra, record.size());
        }
        return builder.build();
    }

    private static long[] quantiles(TraceFigures figures) {
        long[] sorted = figures.sizes.build().sorted().toArray();
        double[] probabilities = {0.05, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999};
        long[] values = new long[probabilities.length + 1];
        for (int i = 0; i < probabilities.length; i++) {
            values[i] = sorted[(int) (probabilities[i] * sorted.length)];
        }
        values[probabilities.length] = sorted[sorted.length - 1];
        return values;
    }

    private static long fingerprint(String mix, long records, long seed) {
        RecordSource source = new GeneratedTrace(mix, records, seed).open();
        TraceRecord record = new TraceRecord();
        long print = 0;
        for (long i = 0; i < records; i++) {
            source.next(record);
            print = print * 31 + record.op().ordinal();
            print = print * 31 + record.thread();
            print = print * 31 + record.block();
            print = print * 31 + record.size();
        }
        return print;
    }
}
