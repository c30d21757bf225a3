package io.janklab.dashboards.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class BootstrapTest {
    private static SeedResample meanOf(double... values) {
        return weights -> IntStream.range(0, values.length).mapToDouble(i -> values[i] * weights[i]).sum()
                / IntStream.of(weights).sum();
    }

    @Test
    void sameDataGiveTheSameInterval() {
        SeedResample mean = meanOf(1.5, -0.2, 0.7, 2.2, 0.1);

        assertThat(Bootstrap.interval(5, mean)).isEqualTo(Bootstrap.interval(5, mean));
    }

    @Test
    void oneSeedGivesNoInterval() {
        assertThat(Bootstrap.interval(1, meanOf(3)).low()).isNaN();
    }

    @Test
    void equalSeedsGiveAPoint() {
        assertThat(Bootstrap.interval(4, meanOf(2, 2, 2, 2))).isEqualTo(new Interval(2, 2));
    }

    /// With the five seeds of a default run. The plain percentile bootstrap covers 84 % here.
    @Test
    void intervalOfFiveSeedsCoversTheTruthAboutAsOftenAsItSays() {
        long seed = 20_251_120;
        Random random = new Random(seed);
        int covered = 0;
        int experiments = 400;
        for (int i = 0; i < experiments; i++) {
            Interval interval = Bootstrap.interval(5, meanOf(random.doubles(5).map(u -> random.nextGaussian()).toArray()));
            covered += interval.low() <= 0 && 0 <= interval.high() ? 1 : 0;
        }
        assertThat(covered / (double) experiments).as("coverage, seed %d", seed).isBetween(0.90, 0.99);
    }
}
