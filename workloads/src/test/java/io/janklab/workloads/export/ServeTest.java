package io.janklab.workloads.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.dashboards.measure.RunRecorder;
import io.janklab.dashboards.metrics.LiveMeters;
import io.janklab.dashboards.metrics.MetricsServer;
import io.janklab.dashboards.metrics.RunMetrics;
import io.janklab.dashboards.metrics.RunTags;
import io.janklab.workloads.cli.CommandLineRun;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class ServeTest {
    @TempDir
    Path folder;

    private static HttpResponse<String> ask(int port, String path, String method) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void metersAreServedWhileARunPausesAndStayAsTheyAreWhenItHasEnded() throws Exception {
        LiveMeters meters = new LiveMeters();
        try (MetricsServer server = new MetricsServer(meters, 0)) {
            LiveMeters.Feed feed = meters.begin(new RunMetrics(new RunRecorder("app"), () -> 0, new RunTags("test", "6.17", 1)));
            CompletableFuture<HttpResponse<String>> answer = CompletableFuture.supplyAsync(() -> {
                try {
                    return ask(server.port(), "/metrics", "GET");
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            while (!answer.isDone()) {
                feed.pauseUntil(System.nanoTime() + 1_000_000);
            }
            feed.end();

            assertThat(answer.get().statusCode()).isEqualTo(200);
            assertThat(answer.get().headers().firstValue("Content-Type").orElseThrow()).startsWith("text/plain; version=0.0.4");
            assertThat(answer.get().body()).contains("frames_total{janky=\"true\",kernel=\"6.17\",run=\"test\",seed=\"1\"} 0");
            assertThat(ask(server.port(), "/metrics", "GET").body()).isEqualTo(answer.get().body());
            assertThat(ask(server.port(), "/metrics/other", "GET").statusCode()).isEqualTo(404);
            assertThat(ask(server.port(), "/metrics", "POST").statusCode()).isEqualTo(405);
        }
    }

    @Test
    void paceAndServingChangeNothingOfTheRun() {
        String[] plain = {"run", "--duration", "200ms", "--json", "--out", folder.resolve("plain").toString()};
        String[] paced = {"run", "--duration", "200ms", "--json", "--out", folder.resolve("paced").toString(), "--serve=0",
                "--pace", "10x"};

        long began = System.nanoTime();
        JsonNode slow = JsonMapper.shared().readTree(CommandLineRun.ok(paced));
        long hostNs = System.nanoTime() - began;
        JsonNode fast = JsonMapper.shared().readTree(CommandLineRun.ok(plain));

        assertThat(digest(slow)).isEqualTo(digest(fast));
        long virtualNs = slow.get("kernels").get(0).get("virtualNs").asLong();
        // Up to the last pause, 10 ms before the end at most.
        assertThat(hostNs).isGreaterThanOrEqualTo((virtualNs - 10_000_000) / 10);
    }

    private static String digest(JsonNode result) {
        return result.get("kernels").get(0).get("digest").asString();
    }

    @Test
    void portThatIsTakenIsOneSentence() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String sentence =
                    CommandLineRun.bad("run", "--serve=" + taken.getLocalPort(), "--out", folder.resolve("out").toString());

            assertThat(sentence).contains("--serve cannot have port " + taken.getLocalPort());
            assertThat(folder.resolve("out")).doesNotExist();
        }
    }
}
