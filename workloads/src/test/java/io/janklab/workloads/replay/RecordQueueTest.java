package io.janklab.workloads.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

final class RecordQueueTest {
    @Test
    void recordsComeOutAsTheyWentInHoweverLongTheQueue() {
        Random random = new Random(1);
        RecordQueue queue = new RecordQueue();
        TraceRecord passing = new TraceRecord();
        long in = 0;
        long out = 0;
        while (in < 10_000) {
            if (random.nextInt(100) < 55) {
                passing.set(in, HeapOp.MALLOC, 0, in++, 0, 8);
                queue.add(passing);
            } else if (!queue.isEmpty()) {
                assertThat(queue.first().index()).isEqualTo(out++);
                queue.removeFirst();
            }
        }
        assertThat(in - out).isGreaterThan(100);
        assertThat(queue.first().block()).isEqualTo(out);
    }
}
