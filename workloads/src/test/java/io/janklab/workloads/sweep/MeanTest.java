package io.janklab.workloads.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class MeanTest {
    /// t(2) = 4.303, s = 1.
    @Test
    void marginIsStudents() {
        Mean mean = Mean.of(new double[] {1, 2, 3});

        assertThat(mean.value()).isEqualTo(2);
        assertThat(mean.margin()).isCloseTo(4.3027 / Math.sqrt(3), within(1e-4));
    }

    @Test
    void oneSeedHasNoMargin() {
        assertThat(Mean.of(new double[] {7})).isEqualTo(new Mean(7, Double.NaN));
    }
}
