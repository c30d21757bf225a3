package io.janklab.allocator.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.netty4.NettyAllocatorMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.CompositeByteBuf;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Behaviour that users of Netty's pooled allocator expect.
class NettyHabitsTest {
    private static final int MIB = 1 << 20;
    private static final int READERS = 4;
    private static final int READINGS = 500;

    private final SimulatedByteBufAllocator allocator = new SimulatedByteBufAllocator();

    /// 150 bytes lie in a block of 160 (jemalloc's size class).
    @Test
    void bufferGrowsInsideItsBlockWithoutMoving() {
        ByteBuf buffer = allocator.directBuffer(150, 500).writerIndex(100);
        long address = buffer.memoryAddress();
        assertThat(buffer.maxFastWritableBytes()).isEqualTo(60);

        buffer.ensureWritable(60);

        assertThat(buffer.capacity()).isEqualTo(160);
        assertThat(buffer.memoryAddress()).isEqualTo(address);
        buffer.writeZero(61);
        assertThat(buffer.memoryAddress()).as("more than the block holds").isNotEqualTo(address);
        buffer.release();
    }

    @Test
    void bufferGrowsToItsMaximumOnly() {
        ByteBuf buffer = allocator.heapBuffer(150, 155).writerIndex(100);
        assertThat(buffer.maxFastWritableBytes()).isEqualTo(55);
        assertThatThrownBy(() -> buffer.ensureWritable(56)).isInstanceOf(IndexOutOfBoundsException.class);
        buffer.release();
    }

    /// As of Netty's pooled heap buffers, the array is that of many: what a caller may keep is a copy.
    @Test
    void bytesTakenFromAHeapBufferAreACopyThatBeginsAtZero() {
        ByteBuf other = allocator.heapBuffer(64).writeZero(64);
        ByteBuf buffer = allocator.heapBuffer(64).writeLong(42);
        byte[] bytes = ByteBufUtil.getBytes(buffer, 0, 8, false);
        buffer.setLong(0, 0);
        assertThat(bytes).containsExactly(0, 0, 0, 0, 0, 0, 0, 42);
        assertThat(buffer.array().length).isGreaterThan(buffer.capacity());
        other.release();
        buffer.release();
    }

    @Test
    void compositeOfOneGivesThatOnesView() {
        CompositeByteBuf composite = allocator.compositeBuffer().addComponent(true, allocator.directBuffer(16).writeLong(42));
        assertThat(composite.internalNioBuffer(0, 8).getLong()).isEqualTo(42);
        composite.release();
    }

    /// Netty 4.2's `shouldReuseChunks`: heap buffers of 1 MiB, one after the other, do not cost the JVM a new array each.
    @Test
    void blockThatIsUsedAgainCostsTheJvmNothing() {
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        allocator.heapBuffer(MIB, MIB).release();
        long before = thread.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 100; i++) {
            allocator.heapBuffer(MIB, MIB).release();
        }
        assertThat(thread.getCurrentThreadAllocatedBytes() - before).isLessThan(8 * MIB);
    }

    /// Netty 4.2's `sliceOrDuplicateUnwrapLetNotEscapeRootParent`. As with all buffers but `PooledByteBuf`, a retained slice has no
    /// count of its own.
    @Test
    void derivedBuffersUnwrapToTheirOriginAndShareItsCount() {
        ByteBuf buffer = allocator.buffer(8);
        assertThat(buffer.slice(0, 4).unwrap()).isSameAs(buffer);
        assertThat(buffer.duplicate().unwrap()).isSameAs(buffer);
        ByteBuf slice = buffer.retainedSlice(0, 4);
        assertThat(slice.unwrap()).isSameAs(buffer);
        assertThat(slice.refCnt()).isEqualTo(2);
        buffer.release(2);
    }

    /// Netty 4.2's `testMaxFastWritableBytesTracksWrittenBytes` and `distinctBuffersMustNotOverlap`.
    @Test
    void bytesWrittenCountAgainstTheBlockAndStayInIt() {
        ByteBuf one = allocator.buffer(16_384, 20_000);
        ByteBuf other = allocator.buffer(65_536);
        int most = one.maxFastWritableBytes();
        one.writeZero(16_383).writeByte(1);
        other.setByte(0, 2);
        assertThat(one.maxFastWritableBytes()).isEqualTo(most - 16_384);
        assertThat(one.getByte(16_383)).isEqualTo((byte) 1);
        one.release();
        other.release();
    }

    @ParameterizedTest(name = "slices: {0}")
    @ValueSource(booleans = {true, false})
    void manyThreadsWriteDuplicatesAndSlicesToChannels(boolean slices) throws Exception {
        byte[] contents = new byte[8192];
        ByteBuf buffer = allocator.directBuffer(contents.length).writeBytes(contents);
        Callable<Integer> reader = () -> {
            ByteArrayOutputStream sink = new ByteArrayOutputStream();
            for (int i = 0; i < READINGS; i++) {
                sink.reset();
                ByteBuf view = slices ? buffer.slice() : buffer.duplicate();
                view.readBytes(new Gathering(Channels.newChannel(sink)), view.readableBytes());
            }
            return sink.size();
        };
        List<Integer> read = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(READERS)) {
            for (Future<Integer> done : threads.invokeAll(IntStream.range(0, READERS).mapToObj(i -> reader).toList())) {
                read.add(done.get());
            }
        }
        assertThat(read).hasSize(READERS).containsOnly(contents.length);
        buffer.release();
    }

    @Test
    void micrometerBindsItInOneLine() {
        MeterRegistry registry = new SimpleMeterRegistry();
        new NettyAllocatorMetrics(allocator).bindTo(registry);
        ByteBuf buffer = allocator.directBuffer(1 << 20);
        assertThat(registry.get("netty.allocator.memory.used").tag("memory.type", "direct").gauge().value())
                .isGreaterThanOrEqualTo(1 << 20);
        buffer.release();
    }

    @Test
    void builderTakesWordsThatItsUserKnows() {
        SimulatedByteBufAllocator built = SimulatedByteBufAllocator.builder().kernel("6.1").mallocConf("dirty_decay_ms:0")
                .preferDirect(false).build();
        ByteBuf buffer = built.buffer(1 << 20).writeZero(1 << 20);
        assertThat(buffer.hasArray()).isTrue();
        buffer.release();
        assertThat(built.metric().madviseDontneed()).isPositive();
        assertThat(built.metric().pageFaultsByVmaLock()).as("6.1 has no per-VMA locks").isZero();
        assertThatThrownBy(() -> SimulatedByteBufAllocator.builder().kernel("windows")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SimulatedByteBufAllocator.builder().mallocConf("dirty_decay"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void oneAllocatorIsSharedByTheWholeProgram() {
        assertThat(SimulatedByteBufAllocator.shared()).isSameAs(SimulatedByteBufAllocator.shared());
    }
}
