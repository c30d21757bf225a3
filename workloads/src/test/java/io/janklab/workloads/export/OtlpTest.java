package io.janklab.workloads.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.janklab.workloads.cli.CommandLineRun;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A receiver of our own, which reads what it gets with OpenTelemetry's classes.
final class OtlpTest {
    private static final long EPOCH_S = 1_767_225_600;

    @TempDir
    Path folder;

    private final List<ExportMetricsServiceRequest> received = new CopyOnWriteArrayList<>();
    private HttpServer receiver;
    private int status = 200;

    @BeforeEach
    void listen() throws IOException {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/v1/metrics", exchange -> {
            received.add(ExportMetricsServiceRequest.parseFrom(exchange.getRequestBody()));
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        receiver.start();
    }

    @AfterEach
    void stop() {
        receiver.stop(0);
    }

    private String[] run() {
        return new String[] {
            "run", "--duration", "300ms", "--quiet", "--epoch", "2026-01-01T00:00:00Z", "--out", folder.resolve("out").toString(),
            "--otlp", "http://127.0.0.1:" + receiver.getAddress().getPort() + "/v1/metrics"
        };
    }

    @Test
    void everyRunIsPushedOnceWithVirtualTimes() throws IOException {
        CommandLineRun.ok(run());

        assertThat(received).hasSize(1);
        List<Metric> metrics = received.getFirst().getResourceMetrics(0).getScopeMetrics(0).getMetricsList();
        JsonNode result = JsonMapper.shared().readTree(folder.resolve("out/result.json")).get("kernels").get(0);
        List<NumberDataPoint> frames = metrics.stream()
                .filter(metric -> metric.getName().equals("frames"))
                .flatMap(metric -> metric.getSum().getDataPointsList().stream())
                .toList();
        assertThat(frames.stream().mapToDouble(NumberDataPoint::getAsDouble).sum()).isEqualTo(result.get("frames").get("count").asInt());
        assertThat(frames).allSatisfy(point -> {
            assertThat(point.getAttributesList()).extracting(attribute -> attribute.getKey()).contains("run", "kernel", "seed", "janky");
            assertThat(point.getTimeUnixNano()).isBetween(EPOCH_S * 1_000_000_000, (EPOCH_S + 60) * 1_000_000_000);
        });
        assertThat(metrics).extracting(Metric::getName).contains("frame.duration", "lock.wait", "page.fault", "process.memory.rss");
    }

    @Test
    void unitsAreCodesOfUcumAndTimesAreSeconds() {
        CommandLineRun.ok(run());

        List<Metric> metrics = received.getFirst().getResourceMetrics(0).getScopeMetrics(0).getMetricsList();
        assertThat(unitsOf(metrics, "frame.duration", "frame.overrun", "lock.wait", "lock.hold", "page.fault", "madvise"))
                .containsOnly("s");
        assertThat(unitsOf(metrics, "process.memory.rss", "process.memory.page.tables", "allocator.memory")).containsOnly("By");
        assertThat(unitsOf(metrics, "frames")).containsOnly("1");
        assertThat(metrics).filteredOn(metric -> metric.getName().equals("frame.duration"))
                .flatExtracting(metric -> metric.getHistogram().getDataPointsList())
                .allSatisfy(point -> assertThat(point.getSum() / point.getCount()).isBetween(0.001, 0.1));
    }

    private static List<String> unitsOf(List<Metric> metrics, String... names) {
        List<String> wanted = List.of(names);
        assertThat(metrics).extracting(Metric::getName).containsAll(wanted);
        return metrics.stream().filter(metric -> wanted.contains(metric.getName())).map(Metric::getUnit).toList();
    }

    @Test
    void receiverThatRefusesIsOneSentenceAndTheFolderStays() {
        status = 503;

        String sentence = CommandLineRun.bad(run());

        assertThat(sentence).contains("did not take the meters (it answered 503)");
        assertThat(folder.resolve("out/result.json")).exists();
    }

    @Test
    void receiverThatIsNotThereIsOneSentence() {
        receiver.stop(0);

        assertThat(CommandLineRun.bad(run())).contains("did not take the meters");
    }
}
