package io.janklab.workloads.export;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A real Prometheus on a free port of the loopback interface, over a folder of its own.
final class Prometheus implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process server;
    private final int port;

    private Prometheus(Process server, int port) {
        this.server = server;
        this.port = port;
    }

    /// Skips the test that calls it where there is no Prometheus.
    static void assumeInstalled() {
        Assumptions.assumeTrue(
                isInstalled("prometheus") && isInstalled("promtool"),
                        "Skipped: this host has no prometheus and promtool (Debian's package prometheus).");
    }

    private static boolean isInstalled(String program) {
        for (String folder : System.getenv("PATH").split(":")) {
            if (Files.isExecutable(Path.of(folder, program))) {
                return true;
            }
        }
        return false;
    }

    /// @param config its configuration file
    /// @param data its blocks
    static Prometheus start(Path config, Path data) throws IOException, InterruptedException {
        int port = freePort();
        Process server = new ProcessBuilder(
                "prometheus",
                "--config.file=" + config,
                "--storage.tsdb.path=" + data,
                "--storage.tsdb.retention.time=100y",
                "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(data.resolveSibling("prometheus.log").toFile())
                .start();
        Prometheus prometheus = new Prometheus(server, port);
        prometheus.awaitReady();
        return prometheus;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void awaitReady() throws InterruptedException {
        long until = System.nanoTime() + START_LIMIT.toNanos();
        while (!isReady()) {
            if (!server.isAlive() || System.nanoTime() > until) {
                close();
                throw new IllegalStateException("Prometheus does not come up");
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private boolean isReady() throws InterruptedException {
        try {
            return get("/-/ready").statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    /// The result of an instant query at `time` (s).
    JsonNode query(String expression, double time) throws IOException, InterruptedException {
        HttpResponse<String> answer = get("/api/v1/query?time=" + time + "&query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8));
        JsonNode body = JsonMapper.shared().readTree(answer.body());
        if (!body.get("status").asString().equals("success")) {
            throw new AssertionError(expression + ": " + body.get("error"));
        }
        return body.get("data").get("result");
    }

    /// Runs promtool; returns what it printed.
    static String promtool(String... arguments) throws IOException, InterruptedException {
        String[] command = new String[arguments.length + 1];
        command[0] = "promtool";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new AssertionError("promtool " + String.join(" ", arguments) + ": " + output);
        }
        return output;
    }

    @Override
    public void close() {
        server.destroy();
        try {
            if (!server.waitFor(10, TimeUnit.SECONDS)) {
                server.destroyForcibly();
            }
        } catch (InterruptedException e) {
            server.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
