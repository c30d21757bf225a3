package io.janklab.dashboards.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WeightedSampleTest {
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void weightsCountARunAsOftenAsIfItWereThereAsOften(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<long[]> runs = new ArrayList<>();
        for (int run = 0; run < 4; run++) {
            runs.add(random.longs(random.nextInt(700), -1_000, 1_000).toArray());
        }
        WeightedSample sample = new WeightedSample(runs);
        for (int draw = 0; draw < 20; draw++) {
            int[] weights = random.ints(4, 0, 3).toArray();
            double percent = random.nextInt(101);

            assertThat(sample.percentile(percent, weights)).isEqualTo(Double.valueOf(byRepeating(runs, weights, percent)));
        }
    }

    private static double byRepeating(List<long[]> runs, int[] weights, double percent) {
        LongStream values = LongStream.empty();
        for (int run = 0; run < weights.length; run++) {
            for (int times = 0; times < weights[run]; times++) {
                values = LongStream.concat(values, Arrays.stream(runs.get(run)));
            }
        }
        return Percentiles.at(values.sorted().toArray(), percent);
    }

    @Test
    void exactlyOneBlockOfValuesIsSearchedToItsEnd() {
        WeightedSample sample = new WeightedSample(List.of(LongStream.range(0, 256).toArray()));

        assertThat(sample.percentile(100, new int[] {1})).isEqualTo(255);
    }
}
