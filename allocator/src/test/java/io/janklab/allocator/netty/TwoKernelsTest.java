package io.janklab.allocator.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.allocator.preset.HeapConfig;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// The example of `allocator/README.md`: one Netty program, which has one thread, on two kernels. Prints what the README shows.
class TwoKernelsTest {
    private static final int REQUESTS = 200;

    /// Answers a request with one twice as large.
    private static final class Answer extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf request = (ByteBuf) message;
            ByteBuf answer = context.alloc().buffer(2 * request.readableBytes());
            var _ = context.writeAndFlush(answer.writeBytes(request, 0, request.readableBytes()).writeBytes(request));
            request.release();
        }
    }

    private static SimulatedByteBufAllocatorMetric serve(KernelVersion version) {
        SimulatedByteBufAllocator allocator = SimulatedByteBufAllocator.builder()
                .kernel(KernelProfile.of(version, Architecture.X86_64))
                .heap(HeapConfig.of("jemalloc", "dirty_decay_ms:0"))
                .build();
        EmbeddedChannel channel = new EmbeddedChannel(new Answer());
        channel.config().setAllocator(allocator);
        for (int i = 0; i < REQUESTS; i++) {
            int size = 1024 << i % 12;
            channel.writeInbound(allocator.buffer(size).writeZero(size));
            channel.<ByteBuf>readOutbound().release();
            allocator.passTime(Duration.ofMillis(1));
        }
        channel.finish();
        return allocator.metric();
    }

    @Test
    void oneProgramOnTwoKernels() {
        for (KernelVersion version : new KernelVersion[] {KernelVersion.V6_1, KernelVersion.V6_12, KernelVersion.V6_17}) {
            SimulatedByteBufAllocatorMetric metric = serve(version);
            System.out.println(version + ": " + metric);
            metric.threads().forEach(System.out::println);
            assertThat(serve(version)).as("one thread gets the same result each time").hasToString(metric.toString());
        }
    }
}
