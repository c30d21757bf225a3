package io.janklab.workloads.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class LongTableTest {
    @Test
    void behavesLikeAMapThroughGrowthAndRemoval() {
        long seed = 20_251_120;
        Random random = new Random(seed);
        LongTable table = new LongTable();
        Map<Long, Long> model = new HashMap<>();
        for (int i = 0; i < 200_000; i++) {
            long key = 16L * (1 + random.nextInt(30_000));
            if (random.nextInt(3) == 0) {
                Long expected = model.remove(key);
                assertThat(table.remove(key)).as("seed %d, step %d", seed, i).isEqualTo(expected == null ? LongTable.ABSENT : expected);
            } else {
                model.put(key, (long) i);
                table.put(key, i);
            }
        }
        model.forEach((key, value) -> assertThat(table.get(key)).as("seed %d", seed).isEqualTo(value));
    }

    @Test
    void zeroIsNeverThere() {
        LongTable table = new LongTable();

        assertThat(table.remove(0)).isEqualTo(LongTable.ABSENT);
        assertThat(table.get(0)).isEqualTo(LongTable.ABSENT);
    }
}
