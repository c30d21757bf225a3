package io.janklab.dashboards.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PermutationTestTest {
    private static PairedFigure meanOf(double... differences) {
        return new MeanFigure(new double[differences.length], differences, 1);
    }

    private static double p(double... differences) {
        return new PermutationTest(differences.length).p(meanOf(differences));
    }

    private static Interval interval(double... differences) {
        return new PermutationTest(differences.length).interval(meanOf(differences));
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
        assertThat(p(DoubleStream.generate(() -> 1).limit(30).toArray())).isEqualTo(1 / 2048.0);
    }

    /// With no difference but chance, p falls below 10 % in 10 % of experiments.
    @Tag("experiments")
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

    @Test
    void fewerThanSixSeedsGiveNoInterval() {
        assertThat(interval(1, 2, 3, 4, 5).low()).isNaN();
        assertThat(interval(1, 2, 3, 4, 5, 6).low()).isPositive();
    }

    /// With six seeds only sign patterns that all agree are rejected: nothing between the smallest and the largest difference is.
    @Test
    void intervalOfSixSeedsReachesFromTheSmallestDifferenceToTheLargest() {
        assertThat(interval(1, 2, 3, 4, 5, 6).low()).isCloseTo(1, within(0.01));
        assertThat(interval(1, 2, 3, 4, 5, 6).high()).isCloseTo(6, within(0.01));
        assertThat(interval(-1, 2, 3, 4, 5, 6).low()).isCloseTo(-1, within(0.01));
        assertThat(interval(-6, -5, -4, -3, -2, 1).high()).isCloseTo(1, within(0.01));
    }

    @Test
    void equalDifferencesGiveAPoint() {
        Interval interval = interval(2, 2, 2, 2, 2, 2, 2);

        assertThat(interval.low()).isCloseTo(2, within(1e-9));
        assertThat(interval.high()).isCloseTo(2, within(1e-9));
    }

    /// Exactly 95 % or, as p comes in steps, a little more.
    @Tag("experiments")
    @ParameterizedTest(name = "{0} seeds")
    @ValueSource(ints = {6, 8, 10})
    void intervalCoversTheTruthAsOftenAsItSays(int seeds) {
        Random random = new Random(20_251_120);
        int experiments = 1_000;
        int covered = 0;
        for (int i = 0; i < experiments; i++) {
            Interval interval = interval(DoubleStream.generate(() -> 3 + random.nextGaussian()).limit(seeds).toArray());
            covered += interval.low() <= 3 && 3 <= interval.high() ? 1 : 0;
        }
        assertThat(covered / (double) experiments).isBetween(0.93, 0.985);
    }

    /// A percentile of all frames of all seeds moves by what every frame of the second kernel is shifted.
    @Test
    void shiftOfEveryFrameIsFoundInEachPercentile() {
        Random random = new Random(7);
        List<long[]> first = new ArrayList<>();
        List<long[]> second = new ArrayList<>();
        for (int seed = 0; seed < 8; seed++) {
            long[] frames = random.longs(200, 4_000, 12_000).sorted().toArray();
            first.add(frames);
            second.add(LongStream.of(frames).map(frame -> frame + 500).toArray());
        }
        for (double percent : new double[] {50, 90, 99}) {
            Interval interval = new PermutationTest(8).interval(new PercentileFigure(percent, first, second, 1));
            assertThat(interval.low()).isCloseTo(500, within(30.0));
            assertThat(interval.high()).isCloseTo(500, within(30.0));
        }
    }

    /// A sum over seeds is shifted as a whole.
    @Test
    void shiftedSumDiffersByTheShift() {
        PairedFigure sum = new MeanFigure(new double[] {1, 2, 3}, new double[] {5, 7, 9}, 3);

        assertThat(sum.less(0).difference(new boolean[3])).isEqualTo(15);
        assertThat(sum.less(6).difference(new boolean[3])).isEqualTo(9);
        assertThat(sum.less(6).difference(new boolean[] {true, true, true})).isEqualTo(-9);
    }

    /// What is taken off the second kernel's values comes off the difference, and with the runs of a seed swapped off its negative.
    @Test
    void shiftedPercentilesDifferByTheShift() {
        List<long[]> first = List.of(new long[] {10, 20, 30, 40}, new long[] {12, 22, 32, 42});
        List<long[]> second = List.of(new long[] {110, 130, 150, 170}, new long[] {100, 140, 160, 180});
        PercentileFigure figure = new PercentileFigure(50, first, second, 10);
        boolean[] asTheyAre = new boolean[2];
        boolean[] swapped = {true, true};

        double difference = figure.less(0).difference(asTheyAre);
        assertThat(difference).isCloseTo((145 - 26) / 10.0, within(1e-9));
        for (double shift : new double[] {-30, 5, 11.9, 400}) {
            assertThat(figure.less(shift).difference(asTheyAre)).isCloseTo(difference - shift, within(1e-9));
            assertThat(figure.less(shift).difference(swapped)).isCloseTo(shift - difference, within(1e-9));
        }
    }
}
