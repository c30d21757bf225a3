package io.janklab.allocator.arena;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;

class PrngTest {
    private static final BigInteger A = new BigInteger("6364136223846793005");
    private static final BigInteger C = new BigInteger("1442695040888963407");
    private static final BigInteger RANGE = BigInteger.ONE.shiftLeft(64);

    /// `prng_state_next_u64`, `prng_lg_range_u64`: the highest bits of the next state.
    @Test
    void bitsAreTheHighestOfJemallocsSequence() {
        Prng prng = new Prng(42);
        BigInteger state = BigInteger.valueOf(42);
        for (int lgRange = 1; lgRange <= 63; lgRange++) {
            state = state.multiply(A).add(C).mod(RANGE);
            assertThat(prng.bits(lgRange)).as("%d bits", lgRange).isEqualTo(state.shiftRight(64 - lgRange).longValueExact());
        }
    }

    /// `prng_range_u64` draws again what lies beyond the bound.
    @Test
    void everyNumberBelowABoundComesAboutAsOften() {
        Prng prng = new Prng(7);
        int[] drawn = new int[5];
        for (int i = 0; i < 50_000; i++) {
            drawn[(int) prng.below(5)]++;
        }
        for (int times : drawn) {
            assertThat(times).isBetween(9_500, 10_500);
        }
    }

    /// Nothing is drawn for it: the next bits are those that would have come.
    @Test
    void belowOneThereIsOnlyZero() {
        Prng prng = new Prng(7);
        assertThat(prng.below(1)).isZero();
        assertThat(prng.bits(32)).isEqualTo(new Prng(7).bits(32));
    }

    /// A bound of 2ⁿ takes n bits, all of which are below it.
    @Test
    void powerOfTwoIsDrawnAtOnce() {
        Prng prng = new Prng(9);
        Prng bits = new Prng(9);
        for (int i = 0; i < 100; i++) {
            assertThat(prng.below(1024)).isEqualTo(bits.bits(10));
        }
    }
}
