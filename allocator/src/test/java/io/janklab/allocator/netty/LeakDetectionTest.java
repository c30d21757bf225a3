package io.janklab.allocator.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufUtil;
import io.netty.util.ResourceLeakDetector;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Netty's leak detector sees our buffers.
class LeakDetectionTest {
    private final ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();

    @AfterEach
    void restore() {
        ResourceLeakDetector.setLevel(level);
        ByteBufUtil.setLeakListener(null);
    }

    @Test
    void bufferThatIsForgottenIsReported() throws InterruptedException {
        Queue<String> leaks = new ConcurrentLinkedQueue<>();
        ByteBufUtil.setLeakListener((resource, records) -> leaks.add(resource + records));
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        SimulatedByteBufAllocator allocator = new SimulatedByteBufAllocator();
        for (int i = 0; i < 200 && leaks.isEmpty(); i++) {
            forget(allocator);
            System.gc();
            Thread.sleep(5);
            allocator.heapBuffer(16).release();
        }
        assertThat(leaks).isNotEmpty();
    }

    private static void forget(SimulatedByteBufAllocator allocator) {
        allocator.directBuffer(64).writeInt(1);
    }
}
