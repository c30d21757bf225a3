package io.janklab.workloads.sweep;

import io.janklab.dashboards.compare.Percentiles;
import io.janklab.dashboards.measure.FrameTimes;
import io.janklab.dashboards.measure.RunMeasurement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/// What is kept of one run of a sweep: a line of its journal.
///
/// @param point the index of its point in the sweep
/// @param digest of its event stream, in hexadecimal
/// @param metrics by name, each a finite number; what cannot be said is left out
public record JournalEntry(int point, long seed, String digest, Map<String, Double> metrics) {
    public static final String OVERRUN_P99 = "frameOverrunMs P99";
    public static final String DURATION_P99 = "frameDurationCpuMs P99";
    public static final String JANKY = "janky frames %";
    public static final String UI_INVERSION = "UI inversion ms";

    private static final double NS_PER_MS = 1e6;

    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{16}");

    /// @throws IllegalArgumentException if it cannot be what is kept of a run
    public JournalEntry {
        if (!DIGEST.matcher(digest).matches()) {
            throw new IllegalArgumentException("a digest has 16 hexadecimal digits, unlike " + digest);
        }
        if (!metrics.values().stream().allMatch(value -> value != null && Double.isFinite(value))) {
            throw new IllegalArgumentException("a metric is a finite number");
        }
    }

    /// Of a run of that point.
    public static JournalEntry of(int point, RunResult result) {
        RunMeasurement measurement = result.run().measurement();
        FrameTimes frames = measurement.frames();
        Map<String, Double> metrics = new LinkedHashMap<>();
        result.run().quantities().forEach(quantity -> put(metrics, (quantity.name() + " " + quantity.unit()).strip(), quantity.value()));
        if (frames.count() > 0) {
            put(metrics, "frames", frames.count());
            put(metrics, JANKY, 100.0 * frames.janky() / frames.count());
            percentiles(metrics, "frameDurationCpuMs", Percentiles.ofNs(frames.durationNs()));
            percentiles(metrics, "frameOverrunMs", Percentiles.ofNs(frames.overrunNs()));
        }
        put(metrics, UI_INVERSION, measurement.inversion().uiNs() / NS_PER_MS);
        return new JournalEntry(point, result.spec().seed(), String.format("%016x", result.run().digest()), metrics);
    }

    private static void percentiles(Map<String, Double> metrics, String name, Percentiles percentiles) {
        put(metrics, name + " P50", percentiles.p50());
        put(metrics, name + " P90", percentiles.p90());
        put(metrics, name + " P95", percentiles.p95());
        put(metrics, name + " P99", percentiles.p99());
        put(metrics, name + " max", percentiles.max());
    }

    private static void put(Map<String, Double> metrics, String name, double value) {
        if (Double.isFinite(value)) {
            metrics.put(name, value);
        }
    }
}
