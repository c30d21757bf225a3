package io.janklab.workloads.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class DueBlocksTest {
    private record Due(long at, long block, long size) {}

    @Test
    void soonestComesFirstAndOfEqualsTheOneAllocatedFirst() {
        long seed = 20_251_120;
        Random random = new Random(seed);
        DueBlocks blocks = new DueBlocks();
        PriorityQueue<Due> model = new PriorityQueue<>(Comparator.comparingLong(Due::at).thenComparingLong(Due::block));
        for (int now = 0; now < 20_000; now++) {
            Due due = new Due(now + random.nextInt(500), now, random.nextInt(100));
            model.add(due);
            blocks.add(due.at(), due.block(), due.size());
            while (blocks.take(now)) {
                assertThat(new Due(model.peek().at(), blocks.block(), blocks.size())).as("seed %d", seed).isEqualTo(model.poll());
            }
            assertThat(model.isEmpty() || model.peek().at() > now).isTrue();
            assertThat(blocks.count()).isEqualTo(model.size());
        }
    }
}
