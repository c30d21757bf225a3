package io.janklab.workloads.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PointerTableTest {
    @Test
    void behavesLikeAMapThroughGrowthAndRemoval() {
        long seed = 20_251_120;
        Random random = new Random(seed);
        PointerTable table = new PointerTable();
        Map<Long, Integer> model = new HashMap<>();
        for (int i = 0; i < 200_000; i++) {
            long pointer = 16L * (1 + random.nextInt(30_000));
            if (random.nextInt(3) == 0) {
                Integer expected = model.remove(pointer);
                assertThat(table.remove(pointer)).as("seed %d, step %d", seed, i).isEqualTo(expected == null ? PointerTable.ABSENT : expected);
            } else {
                model.put(pointer, i);
                table.put(pointer, i);
            }
        }
        model.forEach((pointer, block) -> assertThat(table.get(pointer)).as("seed %d", seed).isEqualTo(block));
    }

    @Test
    void nullIsNeverThere() {
        PointerTable table = new PointerTable();

        assertThat(table.remove(0)).isEqualTo(PointerTable.ABSENT);
    }
}
