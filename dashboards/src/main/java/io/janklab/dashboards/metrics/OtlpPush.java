package io.janklab.dashboards.metrics;

import com.google.protobuf.InvalidProtocolBufferException;
import io.janklab.dashboards.measure.RunRecorder;
import io.micrometer.registry.otlp.CompressionMode;
import io.micrometer.registry.otlp.OtlpConfig;
import io.micrometer.registry.otlp.OtlpMeterRegistry;
import io.micrometer.registry.otlp.OtlpMetricsSender;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The meters of one run for an OpenTelemetry collector: pushed once, when the run has ended, by OTLP over HTTP, with virtual time stamps.
public final class OtlpPush {
    /// From the first attempt to connect to the last byte of the answer.
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int FIRST_FAILURE = 300;

    /// No publishing by the host's clock: the registry is enabled only when it is to push what it has.
    private static final class Config implements OtlpConfig {
        private final URI receiver;
        private boolean pushing;

        private Config(URI receiver) {
            this.receiver = receiver;
        }

        @Override
        public boolean enabled() {
            return pushing;
        }

        @Override
        public @Nullable String get(String key) {
            return null;
        }

        @Override
        public String url() {
            return receiver.toString();
        }

        @Override
        public Map<String, String> resourceAttributes() {
            return Map.of("service.name", "janklab");
        }

        @Override
        public TimeUnit baseTimeUnit() {
            return TimeUnit.SECONDS;
        }

        @Override
        public CompressionMode compressionMode() {
            return CompressionMode.NONE;
        }
    }

    /// Keeps the error, which the registry would only log.
    private static final class Sender implements OtlpMetricsSender {
        private final Duration timeout;
        private @Nullable IOException failure;

        private Sender(Duration timeout) {
            this.timeout = timeout;
        }

        @Override
        public void send(Request request) throws InterruptedException {
            byte[] message;
            try {
                message = UcumUnits.in(request.getMetricsData());
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalStateException("Micrometer's own message", e);
            }
            HttpClient client = HttpClient.newHttpClient();
            HttpRequest post = HttpRequest.newBuilder(URI.create(request.getAddress()))
                    .header("Content-Type", "application/x-protobuf")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(message))
                    .build();
            try {
                // The client's own time limit ends with the headers: a body may go on for ever.
                HttpResponse<Void> answer =
                        client.sendAsync(post, HttpResponse.BodyHandlers.discarding()).get(timeout.toMillis(), TimeUnit.MILLISECONDS);
                failure = answer.statusCode() >= FIRST_FAILURE ? new IOException("it answered " + answer.statusCode()) : null;
            } catch (TimeoutException e) {
                failure = new IOException("no answer in " + timeout.toMillis() / 1e3 + " s", e);
            } catch (ExecutionException e) {
                failure = e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
            } finally {
                client.shutdownNow();
            }
        }
    }

    private final Config config;
    private final Sender sender;
    private final OtlpMeterRegistry registry;

    /// To be created before the run begins.
    ///
    /// @param receiver such as `http://127.0.0.1:4318/v1/metrics`
    /// @param nowNs virtual time in ns
    /// @param epochMs wall-clock time of virtual time 0, in ms since 1970
    public OtlpPush(URI receiver, RunRecorder recorder, LongSupplier nowNs, long epochMs, RunTags tags) {
        this(receiver, recorder, nowNs, epochMs, tags, TIMEOUT);
    }

    OtlpPush(URI receiver, RunRecorder recorder, LongSupplier nowNs, long epochMs, RunTags tags, Duration timeout) {
        sender = new Sender(timeout);
        config = new Config(receiver);
        registry = OtlpMeterRegistry.builder(config).clock(new VirtualClock(nowNs, epochMs)).metricsSender(sender).build();
        registry.config().commonTags(tags.toTags());
        new KernelMetrics(recorder).bindTo(registry);
    }

    /// Sends what all meters show now; the last act of this object.
    ///
    /// @throws IOException if the receiver cannot be reached, does not take it, or has not answered in whole after 10 s
    public void push() throws IOException {
        config.pushing = true;
        registry.close();
        if (sender.failure != null) {
            throw sender.failure;
        }
    }
}
