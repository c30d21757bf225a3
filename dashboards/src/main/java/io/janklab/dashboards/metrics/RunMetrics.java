package io.janklab.dashboards.metrics;

import io.janklab.dashboards.measure.RunRecorder;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.lang.ref.Reference;
import java.util.function.LongSupplier;

/// The meters of one run in a registry of their own, on that run's clock; tagged with what distinguishes it from others.
public final class RunMetrics {
    private final PrometheusMeterRegistry registry;
    /// Meters hold their sources weakly; this keeps them alive.
    private final RunRecorder recorder;

    /// To be made before the run begins.
    ///
    /// @param nowNs virtual time in ns, as `simulation::now`
    public RunMetrics(RunRecorder recorder, LongSupplier nowNs, RunTags tags) {
        this.recorder = recorder;
        this.registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, new PrometheusRegistry(), new VirtualClock(nowNs, 0));
        registry.config().commonTags(tags.toTags());
        new KernelMetrics(recorder).bindTo(registry);
    }

    PrometheusMeterRegistry registry() {
        return registry;
    }

    /// The current readings of all meters.
    public MetricSnapshots scrape() {
        try {
            return registry.getPrometheusRegistry().scrape();
        } finally {
            Reference.reachabilityFence(recorder);
        }
    }
}
