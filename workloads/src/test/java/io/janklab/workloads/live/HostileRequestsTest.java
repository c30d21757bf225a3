package io.janklab.workloads.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.workloads.cli.Fuzz;
import io.janklab.workloads.cli.ServedPage;
import io.janklab.workloads.live.http.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Random bytes sent to the server of `janklab serve` are answered, refused or cut off; it goes on serving.
final class HostileRequestsTest {
    private static final List<String> REQUESTS = List.of(
            "GET / HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n",
            "GET /compare?scenario=scroll&warmUpS=0.02&duration=20ms&seeds=1&a.kernel=6.12&set.heap.decayMs=0 HTTP/1.1\r\n"
            + "Host: localhost:PORT\r\nAccept: text/event-stream\r\nLast-Event-ID: 0\r\n\r\n",
            "GET /litmus?litmus=fault-munmap&kernel=6.17 HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n",
            "GET /file/report.html?scenario=scroll&duration=20ms&seeds=1 HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n",
            "POST /cancel?view=1 HTTP/1.1\r\nHost: localhost:PORT\r\nContent-Length: 0\r\nOrigin: http://localhost:PORT\r\n\r\n",
            "GET /report/../choices.json HTTP/1.1\r\nHost: localhost:PORT\r\nSec-Fetch-Site: same-origin\r\n\r\n",
            "GET /metrics HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n");
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 ([2-4]\\d\\d|503) .*", Pattern.DOTALL);
    /// It may rightly wait for more.
    private static final int PATIENCE_MS = 60;
    private static final int ENOUGH = 2_000;

    @Test
    void serverGoesOnServing() throws Exception {
        try (LiveServer server = ServedPage.start(0, new Limits(4096, 64, 4)); LiveClient client = new LiveClient(server)) {
            int port = URI.create(server.url()).getPort();
            for (int number : Fuzz.numbers(Fuzz.CASES / 2)) {
                SplittableRandom random = new SplittableRandom(number);
                String request = REQUESTS.get(random.nextInt(REQUESTS.size())).replace("PORT", Integer.toString(port));
                byte[] sent = Fuzz.mutated(request.getBytes(StandardCharsets.ISO_8859_1), random);

                String answer = answer(port, sent);

                String as = "case " + number + ": " + new String(sent, StandardCharsets.ISO_8859_1) + "\n" + answer;
                assertThat(answer.isEmpty() || STATUS.matcher(answer).matches()).as(as).isTrue();
                assertThat(answer).as(as).doesNotContain("io.janklab", "\tat ");
            }
            assertThat(client.get("health").body()).isEqualTo("{\"status\":\"up\"}");
        }
    }

    /// The beginning of it; empty if the server waits for more, or hangs up.
    private static String answer(int port, byte[] request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(PATIENCE_MS);
            socket.getOutputStream().write(request);
            socket.shutdownOutput();
            InputStream in = socket.getInputStream();
            byte[] answer = new byte[ENOUGH];
            int read = in.read(answer);
            return read <= 0 ? "" : new String(answer, 0, read, StandardCharsets.ISO_8859_1);
        } catch (SocketTimeoutException | SocketException e) {
            return "";
        }
    }
}
