package io.janklab.allocator.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.IllegalReferenceCountException;
import io.netty.util.ResourceLeakDetector;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    @ParameterizedTest(name = "direct: {0}")
    @ValueSource(booleans = {true, false})
    void secondReleaseTellsWhereTheFirstOneWas(boolean direct) {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        ByteBuf buffer = new SimulatedByteBufAllocator(direct).buffer(64);
        releaseForTheFirstTime(buffer);
        assertThatThrownBy(buffer::release).isInstanceOf(IllegalReferenceCountException.class).satisfies(refused -> {
            assertThat(refused.getSuppressed()).hasSize(1);
            assertThat(refused.getSuppressed()[0].getStackTrace()).extracting(StackTraceElement::getMethodName)
                    .contains("releaseForTheFirstTime");
        });
        assertThatThrownBy(buffer::retain).isInstanceOf(IllegalReferenceCountException.class);
    }

    private static void releaseForTheFirstTime(ByteBuf buffer) {
        buffer.release();
    }

    private static void forget(SimulatedByteBufAllocator allocator) {
        allocator.directBuffer(64).writeInt(1);
    }
}
