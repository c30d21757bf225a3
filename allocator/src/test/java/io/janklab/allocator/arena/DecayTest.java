package io.janklab.allocator.arena;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DecayTest {
    private static final long MS = 1_000_000;
    private static final long EPOCH = 50 * MS;

    private static Decay decayOver(long milliseconds) {
        return new Decay(null, 7, 0, milliseconds);
    }

    /// Advances past any jitter.
    private static void toEpoch(Decay decay, long epoch, long pages) {
        assertThat(decay.advance(epoch * EPOCH, pages)).as("epoch %d", epoch).isTrue();
    }

    @Test
    void epochsLastATwoHundredthOfTheDecayTime() {
        Decay decay = decayOver(10_000);
        assertThat(decay.advance(EPOCH - 1, 10)).isFalse();
        assertThat(decay.advance(2 * EPOCH, 10)).isTrue();
        assertThat(decay.epoch()).isEqualTo(2 * EPOCH);
    }

    @Test
    void deadlineIsJitteredWithinTheNextEpoch() {
        for (long seed = 0; seed < 100; seed++) {
            Decay decay = new Decay(null, seed, 0, 10_000);
            assertThat(decay.advance(EPOCH - 1, 1)).as("before one epoch, seed %d", seed).isFalse();
            assertThat(decay.advance(2 * EPOCH, 1)).as("after two, seed %d", seed).isTrue();
        }
    }

    @Test
    void pagesOfTheEpochJustEndedMayAllStay() {
        Decay decay = decayOver(10_000);
        toEpoch(decay, 2, 1000);
        assertThat(decay.pagesLimit()).isEqualTo(1000);
        assertThat(decay.newestPages()).isEqualTo(1000);
    }

    @Test
    void pagesFadeAlongTheSmoothstep() {
        Decay decay = decayOver(10_000);
        toEpoch(decay, 2, 1_000_000);
        for (long steps : new long[] {50, 100, 150}) {
            toEpoch(decay, 2 + steps, 0);
            double x = (200.0 - steps) / 200;
            long left = (long) (1_000_000 * x * x * x * (6 * x * x - 15 * x + 10));
            assertThat(decay.pagesLimit()).as("after %d epochs", steps).isBetween(left - 2, left + 2);
        }
        toEpoch(decay, 202, 0);
        assertThat(decay.pagesLimit()).isZero();
    }

    @Test
    void theCurveIsJemallocs() {
        // 24-bit fixed point from smoothstep.h, steps 1, 20 and 198: what is left of 2^24 pages after 199, 180 and 2 epochs.
        long[][] known = {{1, 0x14}, {20, 0x230fc}, {198, 0xffff5a}};
        for (long[] pair : known) {
            Decay decay = decayOver(10_000);
            toEpoch(decay, 2, 1L << 24);
            toEpoch(decay, 2 + 200 - pair[0], 0);
            assertThat(decay.pagesLimit()).as("step %d", pair[0]).isEqualTo(pair[1]);
        }
    }

    @Test
    void nothingIsDueWithoutPages() {
        assertThat(decayOver(10_000).timeUntilPurge(0, 1024)).isEqualTo(Decay.NEVER);
        assertThat(decayOver(0).timeUntilPurge(5000, 1024)).isEqualTo(Decay.NEVER);
        assertThat(decayOver(-1).timeUntilPurge(5000, 1024)).isEqualTo(Decay.NEVER);
    }

    @Test
    void fewPagesWaitTheWholeDecayTimeAndManyNotSoLong() {
        Decay decay = decayOver(10_000);
        toEpoch(decay, 2, 100_000);
        assertThat(decay.timeUntilPurge(1000, 1024)).isEqualTo(10_000 * MS);
        long wait = decay.timeUntilPurge(100_000, 1024);
        assertThat(wait).isBetween(2 * EPOCH, 5_000 * MS);
    }

    @Test
    void aShareOfNewPagesIsDueWithinAShareOfTheTime() {
        Decay decay = decayOver(10_000);
        assertThat(decay.pagesToPurgeWithin(10_000 * MS, 1000)).isEqualTo(1000);
        assertThat(decay.pagesToPurgeWithin(5_000 * MS, 1000)).isBetween(490L, 510L);
        assertThat(decay.pagesToPurgeWithin(EPOCH, 1000)).isZero();
    }

    /// The wait ends when about as many pages are due as make a purge worth while (`decay_ns_until_purge`).
    @Test
    void waitEndsWhereTheThresholdIsDue() {
        Decay decay = decayOver(10_000);
        toEpoch(decay, 2, 100_000);
        assertThat(decay.pagesToPurgeWithin(decay.timeUntilPurge(100_000, 1024), 100_000)).isBetween(512L, 2048L);
        assertThat(decay.pagesToPurgeWithin(decay.timeUntilPurge(100_000, 30_000), 100_000)).isBetween(15_000L, 60_000L);
    }

    @Test
    void soManyPagesThatTwoEpochsAreTooLongWaitForTwo() {
        Decay decay = decayOver(10_000);
        toEpoch(decay, 2, 10_000_000_000L);
        assertThat(decay.timeUntilPurge(10_000_000_000L, 1024)).isEqualTo(2 * EPOCH);
    }

    @Test
    void pagesThatNeverMakeAPurgeWorthWhileWaitTheWholeTime() {
        Decay decay = decayOver(10_000);
        toEpoch(decay, 2, 1000);
        assertThat(decay.timeUntilPurge(5000, 1024)).isEqualTo(10_000 * MS);
    }

    private static double smoothstep(long age) {
        double x = (200.0 - age) / 200;
        return x * x * x * (6 * x * x - 15 * x + 10);
    }

    /// 1,000, 2,000 and 3,000 pages came by epochs 2, 4 and 6, none in those that followed.
    @Test
    void epochsThatWerePassedOverBroughtNoPages() {
        Decay decay = decayOver(10_000);
        toEpoch(decay, 2, 1000);
        toEpoch(decay, 4, 3000);
        toEpoch(decay, 6, 6000);
        toEpoch(decay, 9, 6000);
        long left = (long) (1000 * smoothstep(7) + 2000 * smoothstep(5) + 3000 * smoothstep(3));
        assertThat(decay.pagesLimit()).isBetween(left - 3, left + 3);
        assertThat(decay.newestPages()).isZero();
    }
}
