package io.janklab.allocator.art;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// `gc/heap.cc`: how far the heap grows, and from when on it is to be collected.
final class FootprintTest {
    private static final long KIB = 1 << 10;
    private static final long MIB = 1 << 20;

    private final Footprint footprint = new Footprint(new FootprintOptions(16 * MIB, 256 * MIB, 0.5, 8 * MIB, 32 * MIB, 3));

    private void collected(long live, long meanwhile) {
        footprint.add(live - footprint.allocated());
        footprint.grow(0, meanwhile, false);
    }

    @Test
    void utilizationSaysHowMuchIsFreeWithinItsBoundsTimesTheForegroundsMultiplier() {
        collected(20 * MIB, 0);
        assertThat(footprint.target()).as("as much again is free").isEqualTo(20 * MIB + 3 * 20 * MIB);
        collected(4 * MIB, 0);
        assertThat(footprint.target()).as("at least minFree").isEqualTo(4 * MIB + 3 * 8 * MIB);
        collected(64 * MIB, 0);
        assertThat(footprint.target()).as("at most maxFree").isEqualTo(64 * MIB + 3 * 32 * MIB);
        collected(200 * MIB, 0);
        assertThat(footprint.target()).as("never beyond the growth limit").isEqualTo(256 * MIB);
    }

    @Test
    void inTheBackgroundNothingIsMultiplied() {
        footprint.setForeground(false);
        collected(20 * MIB, 0);
        assertThat(footprint.target()).isEqualTo(40 * MIB);
    }

    @Test
    void nextCollectionBeginsByWhatTheLastOneSawAllocatedBeforeTheTarget() {
        collected(20 * MIB, 300 * KIB);
        assertThat(footprint.concurrentStart()).isEqualTo(80 * MIB - 300 * KIB);
        collected(20 * MIB, 1 * KIB);
        assertThat(footprint.concurrentStart()).as("at least 128 KiB").isEqualTo(80 * MIB - 128 * KIB);
        collected(20 * MIB, 100 * MIB);
        assertThat(footprint.concurrentStart()).as("at most 512 KiB").isEqualTo(80 * MIB - 512 * KIB);
    }

    @Test
    void youngCollectionDoesNotRaiseTheTarget() {
        collected(20 * MIB, 0);
        footprint.add(30 * MIB);
        footprint.grow(10 * MIB, 0, true);
        assertThat(footprint.target()).isEqualTo(80 * MIB);
    }

    @Test
    void concurrentCollectorLetsTheHeapOutgrowItsTargetUpToTheLimit() {
        assertThat(footprint.hasRoomFor(256 * MIB)).isTrue();
        assertThat(footprint.hasRoomFor(256 * MIB + 1)).isFalse();
    }

    @Test
    void newNativeBytesWeighHalfAndOldOnesNextToNothing() {
        collected(20 * MIB, 0);
        NativePressure pressure = new NativePressure(footprint);
        // Target 80 MiB: the watermark is 80 / 8 + 32 MiB, three halves of it are granted in front.
        double limit = footprint.concurrentStart() + 42 * MIB * 1.5;
        pressure.register(100 * MIB);
        assertThat(pressure.urgency()).isEqualTo((20 * MIB + 50 * MIB) / limit);
        pressure.collected();
        assertThat(pressure.urgency()).isZero();
        pressure.setMallinfo(() -> 30 * MIB);
        assertThat(pressure.urgency()).isEqualTo((20 * MIB + 15 * MIB + 100 * MIB / 65_536.0) / limit);
    }

    @Test
    void nativePressureIsLookedAtEvery64thTimeOrForALargeOne() {
        NativePressure pressure = new NativePressure(footprint);
        for (int i = 1; i < 64; i++) {
            assertThat(pressure.register(1_000)).isFalse();
        }
        assertThat(pressure.register(1_000)).isTrue();
        assertThat(pressure.register(300_001)).isTrue();
    }

    @Test
    void youngCollectionsGoOnWhileTheyFreeMemoryFasterThanFullOnes() {
        Generations generations = new Generations();
        assertThat(generations.nextIsYoung()).isFalse();
        generations.ended(false, 100, 10, true);
        assertThat(generations.nextIsYoung()).isTrue();
        generations.ended(true, 50, 5, true);
        assertThat(generations.nextIsYoung()).as("as fast").isTrue();
        generations.ended(true, 49, 5, true);
        assertThat(generations.nextIsYoung()).as("slower").isFalse();
        generations.ended(true, 50, 5, false);
        assertThat(generations.nextIsYoung()).as("the heap is beyond its target").isFalse();
    }
}
