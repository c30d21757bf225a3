package io.janklab.workloads.cli.sweep;

import io.janklab.workloads.sweep.Engine;
import io.janklab.workloads.sweep.JournalEntry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;

/// Meters of a sweep's own work, on the host's time: runs that ended and failed, and how long they took, by worker.
final class SweepMeters implements Engine.Listener {
    static final String FILE = "metrics.txt";

    private static final double NS_PER_S = 1e9;

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    @Override
    public void ended(JournalEntry entry, String worker) {
        Timer.builder("janklab.sweep.run")
                .description("What a run took on the host")
                .tag("worker", worker)
                .tag("outcome", entry.hasFailed() ? "failed" : "ended")
                .register(registry)
                .record(Duration.ofNanos((long) (entry.hostS() * NS_PER_S)));
        if (entry.hasFailed()) {
            registry.counter("janklab.sweep.failures", "worker", worker, "kind", entry.reasonOfFailure().kind().name()).increment();
        }
    }

    /// As Prometheus reads it.
    String scrape() {
        return registry.scrape();
    }
}
