package io.janklab.workloads.host.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.config.Spread;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class SamplesTest {
    private static Samples of(long... durations) {
        Samples samples = new Samples(1);
        LongStream.of(durations).forEach(samples::add);
        return samples;
    }

    private static Samples upTo(int last) {
        return of(LongStream.rangeClosed(1, last).toArray());
    }

    @Test
    void spreadHasTheQuantilesButForTheFewLongest() {
        assertThat(upTo(1_000).spread()).hasToString(new Spread(1, 101, 501, 901, 991, 998).toString());
    }

    @Test
    void oneDisturbedMeasurementDoesNotMoveTheSpreadOfSeveral() {
        assertThat(Samples.spread(List.of(upTo(1_000), of(9_000_000), upTo(1_000)), 100))
                .hasToString(new Spread(0, 1, 401, 801, 891, 898).toString());
    }

    @Test
    void medianOfTheLongestTenth() {
        assertThat(upTo(1_000).medianOfLongest(0.1)).isEqualTo(951);
    }

    @Test
    void measurementsThatLieApartAreSpreadAsFarAsTheyDo() {
        Measurement all = Measurement.over(List.of(new Measurement(100, 5), new Measurement(300, 5), new Measurement(200, 5)));
        assertThat(all).isEqualTo(new Measurement(200, 200));
    }
}
