package io.janklab.dashboards.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class PercentilesTest {
    /// Macrobenchmark's rule: index p/100 · (n − 1), interpolated.
    @Test
    void percentileIsInterpolatedBetweenItsNeighbours() {
        long[] sorted = {10, 20, 30, 40};

        assertThat(Percentiles.at(sorted, 50)).isEqualTo(25);
        assertThat(Percentiles.at(sorted, 90)).isCloseTo(37, within(1e-9));
        assertThat(Percentiles.at(sorted, 0)).isEqualTo(10);
        assertThat(Percentiles.at(sorted, 100)).isEqualTo(40);
    }

    @Test
    void nanosecondsBecomeMilliseconds() {
        Percentiles percentiles = Percentiles.ofNs(new long[] {3_000_000, 1_000_000, 2_000_000});

        assertThat(percentiles.p50()).isEqualTo(2);
        assertThat(percentiles.max()).isEqualTo(3);
    }

    @Test
    void oneValueIsEveryPercentile() {
        Percentiles percentiles = Percentiles.ofNs(new long[] {-5_000_000});

        assertThat(percentiles).isEqualTo(new Percentiles(-5, -5, -5, -5, -5));
    }

    @Test
    void noValuesHaveNoPercentile() {
        assertThat(Percentiles.ofNs(new long[0]).p99()).isNaN();
    }
}
