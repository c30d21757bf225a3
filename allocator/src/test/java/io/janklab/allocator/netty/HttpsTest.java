package io.janklab.allocator.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ResourceLeakDetector;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real HTTPS server all of whose buffers are simulated, asked by the JDK's own client, with every buffer watched for leaks.
class HttpsTest {
    private static final String PASSWORD = "janklab";
    private static final int REQUESTS = 12;
    private static final int MOST_BYTES = 200_000;

    @TempDir
    Path folder;

    private final ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();
    private final SimulatedByteBufAllocator allocator = new SimulatedByteBufAllocator();
    private final Queue<String> leaks = new ConcurrentLinkedQueue<>();

    @AfterEach
    void restore() {
        ResourceLeakDetector.setLevel(level);
        ByteBufUtil.setLeakListener(null);
    }

    /// Answers with what it was sent.
    private static final class Mirror extends SimpleChannelInboundHandler<FullHttpRequest> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
            ByteBuf body = context.alloc().buffer(request.content().readableBytes()).writeBytes(request.content());
            DefaultFullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, body);
            HttpUtil.setContentLength(response, body.readableBytes());
            var _ = context.writeAndFlush(response);
        }
    }

    private static final class Connection extends ChannelInitializer<SocketChannel> {
        private final SslContext tls;

        Connection(KeyStore certificate) throws Exception {
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(certificate, PASSWORD.toCharArray());
            tls = SslContextBuilder.forServer(keys).sslProvider(SslProvider.JDK).build();
        }

        @Override
        protected void initChannel(SocketChannel channel) {
            channel.pipeline().addLast(tls.newHandler(channel.alloc()), new HttpServerCodec(), new HttpObjectAggregator(MOST_BYTES),
                    new Mirror());
        }
    }

    @Test
    void answersAreWholeAndNoBufferLeaks() throws Exception {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        ByteBufUtil.setLeakListener((resource, records) -> leaks.add(resource + records));
        KeyStore certificate = selfSigned(folder.resolve("localhost.p12"));
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
        try {
            Channel server = new ServerBootstrap()
                    .group(loops)
                    .channel(NioServerSocketChannel.class)
                    .option(ChannelOption.ALLOCATOR, allocator)
                    .childOption(ChannelOption.ALLOCATOR, allocator)
                    .childHandler(new Connection(certificate))
                    .bind(InetAddress.getLoopbackAddress(), 0)
                    .sync()
                    .channel();
            ask(((InetSocketAddress) server.localAddress()).getPort(), certificate);
            server.close().sync();
        } finally {
            loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
        }
        assertThat(allocator.metric().pageFaults()).isPositive();
        assertThat(allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory()).as("all buffers released").isZero();
        assertThat(leaks).isEmpty();
    }

    private static void ask(int port, KeyStore certificate) throws Exception {
        try (HttpClient client = HttpClient.newBuilder().sslContext(trusting(certificate)).version(HttpClient.Version.HTTP_1_1).build()) {
            for (long seed = 1; seed <= REQUESTS; seed++) {
                SplittableRandom random = new SplittableRandom(seed);
                byte[] body = new byte[random.nextInt(1, MOST_BYTES)];
                random.nextBytes(body);
                HttpRequest request = HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/"))
                        .POST(BodyPublishers.ofByteArray(body)).build();
                assertThat(client.send(request, BodyHandlers.ofByteArray()).body()).as("seed %d", seed).isEqualTo(body);
            }
        }
    }

    /// By the JDK's own tool.
    private static KeyStore selfSigned(Path file) throws Exception {
        Process keytool = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair",
                "-alias", "localhost", "-keyalg", "EC", "-dname", "CN=localhost", "-ext", "SAN=dns:localhost",
                "-storetype", "PKCS12", "-storepass", PASSWORD, "-keystore", file.toString())
                .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        assertThat(keytool.waitFor()).isZero();
        return KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
    }

    private static SSLContext trusting(KeyStore certificate) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("localhost", certificate.getCertificate("localhost"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, trust.getTrustManagers(), null);
        return tls;
    }
}
