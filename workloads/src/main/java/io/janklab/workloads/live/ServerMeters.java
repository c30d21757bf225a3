package io.janklab.workloads.live;

import io.janklab.workloads.live.compute.RunCache;
import io.janklab.workloads.live.compute.Simulator;
import io.janklab.workloads.live.compute.Views;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/// The server's own meters, for `/metrics`.
final class ServerMeters {
    /// As Prometheus scrapes it.
    static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final AtomicInteger streams = new AtomicInteger();
    private final Timer firstCurve = Timer.builder("janklab.live.first.curve")
            .description("From a question to its first curves")
            .publishPercentileHistogram()
            .minimumExpectedValue(Duration.ofMillis(1))
            .maximumExpectedValue(Duration.ofMinutes(1))
            .register(registry);
    private final Timer answer = Timer.builder("janklab.live.answer").description("From a question to the end of its answer")
            .register(registry);
    private final Counter cancelled = counter("janklab.live.cancelled", "Questions given up before their answer was whole");
    private final Counter refused = counter("janklab.live.refused", "Questions that the command line refused");
    private final Counter failed = counter("janklab.live.failed", "Questions that ended in a failure of ours");

    ServerMeters(Simulator simulator, RunCache cache, Views views) {
        Gauge.builder("janklab.live.streams", streams, AtomicInteger::get).description("Streams of events that are open")
                .register(registry);
        Gauge.builder("janklab.live.questions", views, Views::waiting).description("Questions being answered").register(registry);
        Gauge.builder("janklab.live.cores.busy", simulator.cores(), cores -> cores.busy()).description("Cores that simulate")
                .register(registry);
        Gauge.builder("janklab.live.cores.waiting", simulator.cores(), cores -> cores.waiting()).description("Runs that wait for a core")
                .register(registry);
        Gauge.builder("janklab.live.cache.size", cache, RunCache::size).description("Results of runs that are kept").register(registry);
        FunctionCounter.builder("janklab.live.cache.hits", cache, RunCache::hits).description("Runs that needed not be made")
                .register(registry);
        FunctionCounter.builder("janklab.live.runs", simulator, Simulator::made).description("Runs made").register(registry);
    }

    private Counter counter(String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    AtomicInteger streams() {
        return streams;
    }

    void firstCurve(long ns) {
        firstCurve.record(Duration.ofNanos(ns));
    }

    void answered(long ns) {
        answer.record(Duration.ofNanos(ns));
    }

    void cancelled() {
        cancelled.increment();
    }

    void refused() {
        refused.increment();
    }

    void failed() {
        failed.increment();
    }

    String scrape() {
        return registry.scrape(TYPE);
    }
}
