package io.janklab.dashboards.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

final class PermutationTestTest {
    /// The mean of runs whose values are 0 on one side and `differences` on the other.
    private static PairedFigure meanOf(double... differences) {
        int seeds = differences.length;
        double[] values = DoubleStream.concat(DoubleStream.generate(() -> 0).limit(seeds), DoubleStream.of(differences)).toArray();
        return new PairedFigure(seeds, weights -> {
            double sum = 0;
            for (int i = 0; i < values.length; i++) {
                sum += values[i] * weights[i];
            }
            return sum / seeds;
        });
    }

    private static double p(double... differences) {
        return PermutationTest.p(differences.length, meanOf(differences));
    }

    @Test
    void seedsThatAllAgreeGiveTheSmallestValueThereIs() {
        assertThat(p(1, 2, 3, 4, 5)).isEqualTo(2 / 32.0);
        assertThat(p(-1, -2, -3, -4, -5, -6)).isEqualTo(2 / 64.0);
    }

    /// Swaps of 1, 2, −4: sums ±1, ±3, ±5, ±7; seen is −1, and every sum is at least as far from zero.
    @Test
    void valueIsTheShareOfSwapsAtLeastAsFarFromZero() {
        assertThat(p(1, 2, -4)).isEqualTo(1);
        assertThat(p(-1, 2, 4)).isEqualTo(4 / 8.0);
    }

    @Test
    void noDifferenceAtAllIsNoSurprise() {
        assertThat(p(0, 0, 0, 0)).isEqualTo(1);
    }

    @Test
    void oneSeedSaysNothing() {
        assertThat(p(3)).isNaN();
    }

    @Test
    void manySeedsAreDrawnAndStillGiveTheSameValueEachTime() {
        double[] differences = new Random(1).doubles(30).map(u -> u - 0.4).toArray();

        assertThat(p(differences)).isEqualTo(p(differences)).isBetween(0.0, 1.0);
        assertThat(p(DoubleStream.generate(() -> 1).limit(30).toArray())).isEqualTo(1 / 4096.0);
    }

    /// With no difference but chance, p falls below 10 % in 10 % of experiments.
    @Test
    void valueIsAsRareAsItSaysWhenThereIsNoDifference() {
        long seed = 20_251_120;
        Random random = new Random(seed);
        int experiments = 600;
        int below = 0;
        for (int i = 0; i < experiments; i++) {
            below += p(DoubleStream.generate(random::nextGaussian).limit(10).toArray()) <= 0.1 ? 1 : 0;
        }
        assertThat(below / (double) experiments).as("seed %d", seed).isCloseTo(0.1, within(0.04));
    }
}
