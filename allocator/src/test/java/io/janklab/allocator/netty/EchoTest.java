package io.janklab.allocator.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetAddress;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// A real Netty server and client, over loopback, all of whose buffers are simulated.
class EchoTest {
    private static final int BYTES = 1 << 20;

    @Sharable
    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            var _ = context.writeAndFlush(message);
        }
    }

    /// Digests what comes back, until all has.
    private static final class Receiver extends SimpleChannelInboundHandler<ByteBuf> {
        private final CompletableFuture<String> result = new CompletableFuture<>();
        private final MessageDigest digest;
        private int received;

        Receiver(MessageDigest digest) {
            this.digest = digest;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf message) {
            received += message.readableBytes();
            digest.update(message.nioBuffer());
            if (received == BYTES) {
                result.complete(HexFormat.of().formatHex(digest.digest()));
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            result.completeExceptionally(cause);
        }
    }

    @Test
    void whatIsSentComesBack() throws Exception {
        SimulatedByteBufAllocator allocator = new SimulatedByteBufAllocator();
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(3, NioIoHandler.newFactory());
        try {
            Channel server = new ServerBootstrap()
                    .group(loops)
                    .channel(NioServerSocketChannel.class)
                    .option(ChannelOption.ALLOCATOR, allocator)
                    .childOption(ChannelOption.ALLOCATOR, allocator)
                    .childHandler(new Echo())
                    .bind(InetAddress.getLoopbackAddress(), 0)
                    .sync()
                    .channel();
            Receiver receiver = new Receiver(MessageDigest.getInstance("SHA-256"));
            Channel client = new Bootstrap()
                    .group(loops)
                    .channel(NioSocketChannel.class)
                    .option(ChannelOption.ALLOCATOR, allocator)
                    .handler(receiver)
                    .connect(server.localAddress())
                    .sync()
                    .channel();
            String sent = send(client);
            assertThat(receiver.result.get(30, TimeUnit.SECONDS)).isEqualTo(sent);
            client.close().sync();
            server.close().sync();
        } finally {
            loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
        }
        assertThat(allocator.metric().pageFaults()).isPositive();
        assertThat(allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory()).as("all buffers released").isZero();
    }

    private static String send(Channel client) throws Exception {
        SplittableRandom random = new SplittableRandom(1);
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (int left = BYTES; left > 0;) {
            byte[] bytes = new byte[Math.min(left, random.nextInt(1, 50_000))];
            random.nextBytes(bytes);
            digest.update(bytes);
            var _ = client.writeAndFlush(client.alloc().buffer(bytes.length).writeBytes(bytes));
            left -= bytes.length;
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
