package io.janklab.dashboards.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Execution(ExecutionMode.CONCURRENT)
final class BootstrapTest {
    private static final int RESAMPLES = 2_000;

    private static SeedResample meanOf(double... values) {
        return weights -> {
            double sum = 0;
            int count = 0;
            for (int i = 0; i < values.length; i++) {
                sum += values[i] * weights[i];
                count += weights[i];
            }
            return sum / count;
        };
    }

    @Test
    void sameDataGiveTheSameInterval() {
        SeedResample mean = meanOf(1.5, -0.2, 0.7, 2.2, 0.1);

        assertThat(Bootstrap.interval(5, mean, RESAMPLES)).isEqualTo(Bootstrap.interval(5, mean, RESAMPLES));
    }

    @Test
    void oneSeedGivesNoInterval() {
        assertThat(Bootstrap.interval(1, meanOf(3), RESAMPLES).low()).isNaN();
    }

    @Test
    void equalSeedsGiveAPoint() {
        assertThat(Bootstrap.interval(4, meanOf(2, 2, 2, 2), RESAMPLES)).isEqualTo(new Interval(2, 2));
    }

    /// The ends of BCa over all 6⁶ resamples of these values are 2.33 and 11.75 (z₀ 0.091, a 0.107), stretched by 1.4366 from the mean. A
    /// resample's mean moves by steps of a twelfth.
    @Test
    void endsAreThoseOfAllResamplesStretchedForFewSeeds() {
        Interval interval = Bootstrap.interval(6, meanOf(1, 2, 2.5, 4, 4.5, 16), 50_000);

        assertThat(interval.low()).isCloseTo(1.17, within(0.13));
        assertThat(interval.high()).isCloseTo(14.70, within(0.3));
    }

    /// Of normal differences. The percentile bootstrap covers 84 % with 5 seeds.
    @Tag("experiments")
    @ParameterizedTest(name = "{0} seeds")
    @ValueSource(ints = {3, 5, 6, 10, 20})
    void intervalCoversTheTruthAsOftenAsItSays(int seeds) {
        assertThat(coverage(seeds, Random::nextGaussian, 0)).isCloseTo(0.95, within(0.02));
    }

    /// Few seeds do not show how long the tail is: no interval made of them alone covers it fully.
    @Tag("experiments")
    @ParameterizedTest(name = "{0} seeds")
    @ValueSource(ints = {5, 10, 20})
    void skewedDifferencesAreCoveredALittleLessOften(int seeds) {
        assertThat(coverage(seeds, random -> -Math.log(random.nextDouble()), 1)).isBetween(0.87, 0.95);
    }

    private static double coverage(int seeds, ToDoubleFunction<Random> difference, double truth) {
        Random random = new Random(20_251_120);
        int covered = 0;
        int experiments = 2_000;
        for (int i = 0; i < experiments; i++) {
            double[] values = DoubleStream.generate(() -> difference.applyAsDouble(random)).limit(seeds).toArray();
            Interval interval = Bootstrap.interval(seeds, meanOf(values), RESAMPLES);
            covered += interval.low() <= truth && truth <= interval.high() ? 1 : 0;
        }
        return covered / (double) experiments;
    }

    /// A seed as often as it is drawn, all together as often as there are seeds.
    @Test
    void resampleDrawsAsManySeedsAsThereAre() {
        Set<List<Integer>> drawn = new HashSet<>();
        Bootstrap.interval(5, weights -> {
            assertThat(IntStream.of(weights).boxed()).allMatch(weight -> weight >= 0 && weight <= 5);
            drawn.add(IntStream.of(weights).boxed().toList());
            return drawn.size();
        }, 500);

        assertThat(drawn).hasSizeGreaterThan(50);
        assertThat(drawn).filteredOn(weights -> weights.stream().mapToInt(weight -> weight).sum() != 5)
                .as("but for those that leave a seed out").allMatch(weights -> weights.stream().mapToInt(weight -> weight).sum() == 4);
    }

    /// Resamples equal to the estimate lie as much below it as above: what is symmetric has a symmetric interval.
    @Test
    void tiesCountHalf() {
        Interval interval = Bootstrap.interval(5, meanOf(-2, -1, 0, 1, 2), 20_000);

        assertThat(interval.low() + interval.high()).isCloseTo(0, within(0.1));
    }
}
