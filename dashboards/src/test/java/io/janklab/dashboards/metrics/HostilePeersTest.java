package io.janklab.dashboards.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.janklab.dashboards.TraceScript;
import io.janklab.dashboards.measure.RunRecorder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Any peer costs at most a stated time, and gets a meaningful answer.
@Timeout(30)
final class HostilePeersTest {
    private static final Duration PATIENCE = Duration.ofMillis(400);
    private static final RunTags TAGS = new RunTags("scroll", "6.12", 1);

    /// What a receiver does with a request.
    enum Receiver {
        NEVER_ANSWERS("no answer in 0.4 s"),
        CLOSES_AT_ONCE(""),
        ENDS_IN_ITS_HEADERS(""),
        SENDS_WITHOUT_END("no answer in 0.4 s"),
        SENDS_ELSEWHERE("it answered 302"),
        WANTS_A_PASSWORD("it answered 401"),
        SPEAKS_NO_HTTP("");

        private final String complaint;

        Receiver(String complaint) {
            this.complaint = complaint;
        }

        void answer(Socket peer) throws IOException {
            OutputStream out = peer.getOutputStream();
            switch (this) {
                case NEVER_ANSWERS -> readOn(peer);
                case CLOSES_AT_ONCE -> {}
                case ENDS_IN_ITS_HEADERS -> say(out, "HTTP/1.1 200 OK\r\nContent-Le");
                case SENDS_WITHOUT_END -> {
                    say(out, "HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n");
                    while (true) {
                        say(out, "x".repeat(1_000));
                    }
                }
                case SENDS_ELSEWHERE -> {
                    say(out, "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n");
                    readOn(peer);
                }
                case WANTS_A_PASSWORD -> {
                    say(out, "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n");
                    readOn(peer);
                }
                case SPEAKS_NO_HTTP -> say(out, "220 mail.example.com\r\n");
            }
        }

        private static void say(OutputStream out, String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.US_ASCII));
            out.flush();
        }

        private static void readOn(Socket peer) throws IOException {
            InputStream in = peer.getInputStream();
            while (in.read() >= 0) {}
        }
    }

    @ParameterizedTest
    @EnumSource
    void receiverOfMetersCostsItsTimeAndNoMore(Receiver receiver) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try (Socket peer = server.accept()) {
                    receiver.answer(peer);
                } catch (IOException e) {
                    // It has been left alone.
                }
            });
            URI address = URI.create("http://127.0.0.1:" + server.getLocalPort() + "/v1/metrics");
            OtlpPush push = new OtlpPush(address, new RunRecorder(TraceScript.APP), () -> 1, 0, TAGS, PATIENCE);

            assertThatThrownBy(push::push).isInstanceOf(IOException.class).message().contains(receiver.complaint);
        }
    }

    @Test
    void peersThatNeitherAskNorReadKeepNobodyElseWaiting() throws Exception {
        try (MetricsServer server = new MetricsServer(new LiveMeters(), 0);
                Socket silent = new Socket(InetAddress.getLoopbackAddress(), server.port());
                Socket halfway = new Socket(InetAddress.getLoopbackAddress(), server.port());
                HttpClient client = HttpClient.newHttpClient()) {
            Receiver.say(halfway.getOutputStream(), "GET /metr");
            URI address = URI.create("http://127.0.0.1:" + server.port() + "/metrics");
            assertThat(client.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString()).statusCode())
                    .isEqualTo(200);
            assertThat(silent.isConnected()).isTrue();
        }
    }
}
