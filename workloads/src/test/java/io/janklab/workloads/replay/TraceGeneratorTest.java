package io.janklab.workloads.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import org.junit.jupiter.api.Test;

/// A generated trace as long as the recorded one has the recorded one's figures.
final class TraceGeneratorTest {
    private static final TraceFigures SYSTEMUI = new TraceFigures(TraceGenerator.generate("systemui", 786_454, 1));
    private static final TraceFigures SURFACEFLINGER = new TraceFigures(TraceGenerator.generate("surfaceflinger", 2_455_240, 1));

    @Test
    void operationsComeInTheRecordedShares() {
        assertThat(SYSTEMUI.trace.records()).isEqualTo(786_454);
        assertThat(SYSTEMUI.count(Op.MALLOC)).isCloseTo(383_154, withinPercentage(2));
        assertThat(SYSTEMUI.count(Op.CALLOC)).isCloseTo(7_847, withinPercentage(6));
        assertThat(SYSTEMUI.count(Op.REALLOC)).isCloseTo(29_167, withinPercentage(4));
        assertThat(SYSTEMUI.count(Op.MEMALIGN)).isCloseTo(1_066, withinPercentage(10));
        assertThat(SYSTEMUI.count(Op.FREE)).isCloseTo(364_863, withinPercentage(2));
        assertThat(SYSTEMUI.freeOfNull).isCloseTo(15_818, withinPercentage(4));
        assertThat(SURFACEFLINGER.count(Op.MALLOC)).isCloseTo(1_142_990, withinPercentage(2));
        assertThat(SURFACEFLINGER.count(Op.FREE)).isCloseTo(1_194_239, withinPercentage(2));
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
        AllocationTrace first = TraceGenerator.generate("systemui", 10_000, 7);
        AllocationTrace second = TraceGenerator.generate("systemui", 10_000, 7);
        AllocationTrace other = TraceGenerator.generate("systemui", 10_000, 8);

        assertThat(fingerprint(first)).isEqualTo(fingerprint(second)).isNotEqualTo(fingerprint(other));
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

    private static long fingerprint(AllocationTrace trace) {
        long print = 0;
        for (int record = 0; record < trace.records(); record++) {
            print = print * 31 + trace.op(record).ordinal();
            print = print * 31 + trace.thread(record);
            print = print * 31 + trace.block(record);
            print = print * 31 + trace.size(record);
        }
        return print;
    }
}
