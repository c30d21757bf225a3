package io.janklab.workloads.recording.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SpreadsTest {
    private static long[] spread(long... ascending) {
        return Spreads.of(ascending.length, part -> ascending[(int) Math.min(ascending.length - 1, part * ascending.length)]);
    }

    @Test
    void aValueThatFewerThanTwoSamplesExceedIsNotKnown() {
        assertThat(spread(LongStream.rangeClosed(1, 50).toArray())).as("two exceed 48")
                .containsExactly(1, 6, 26, 46, 49, 49);
        assertThat(spread(LongStream.rangeClosed(1, 10_000).toArray())).containsExactly(1, 1_001, 5_001, 9_001, 9_901, 9_991);
        assertThat(spread(7)).containsOnly(7);
    }
}
