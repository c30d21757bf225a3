package io.janklab.workloads.sweep;

import io.janklab.dashboards.compare.Percentiles;
import io.janklab.dashboards.compare.Resource;
import io.janklab.dashboards.measure.result.FrameTimes;
import io.janklab.dashboards.measure.result.RunMeasurement;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The record of one run of a sweep: a line of its journal.
///
/// @param point the index of its point in the sweep
/// @param digest of its event stream, in hexadecimal; null if the run failed
/// @param metrics by name, each a finite number; unknown ones are left out
/// @param failure why there is no result; null if there is
/// @param hostS its time on the host, in seconds
public record JournalEntry(int point, long seed, @Nullable String digest, Map<String, Double> metrics, @Nullable Failure failure,
        double hostS) implements Serializable {
    public static final String OVERRUN_P99 = "frameOverrunMs P99";
    public static final String DURATION_P99 = "frameDurationCpuMs P99";
    public static final String JANKY = "janky frames %";
    public static final String UI_INVERSION = "UI inversion ms";
    public static final String KILLED = "killed %";
    public static final String RSS_MEAN = "RSS mean MiB";
    public static final String PAGE_TABLES = "page tables highest MiB";
    public static final String APP_CPU = "app CPU ms/s";

    private static final double PERCENT = 100;
    private static final double NS_PER_MS = 1e6;
    private static final double NS_PER_S = 1e9;

    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{16}");

    /// @throws IllegalArgumentException if it cannot be the record of a run
    public JournalEntry {
        if (failure == null ? digest == null || !DIGEST.matcher(digest).matches() : digest != null || !metrics.isEmpty()) {
            throw new IllegalArgumentException("a result has a digest of 16 hexadecimal digits, unlike " + digest
                    + ", and a failure has none");
        }
        if (!(hostS >= 0 && hostS < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("a run takes time");
        }
        if (!metrics.values().stream().allMatch(value -> value != null && Double.isFinite(value))) {
            throw new IllegalArgumentException("a metric is a finite number");
        }
    }

    /// Of a run that failed.
    public static JournalEntry failed(RunKey key, Failure failure, double hostS) {
        return new JournalEntry(key.point(), key.seed(), null, Map.of(), failure, hostS);
    }

    /// Why it has no result, of one that has failed.
    public Failure reasonOfFailure() {
        return Objects.requireNonNull(failure);
    }

    public RunKey key() {
        return new RunKey(point, seed);
    }

    public boolean hasFailed() {
        return failure != null;
    }

    /// Of a run of that point.
    public static JournalEntry of(int point, RunResult result) {
        RunMeasurement measurement = result.run().measurement();
        FrameTimes frames = measurement.frames();
        Map<String, Double> metrics = new LinkedHashMap<>();
        result.run().quantities().forEach(quantity -> put(metrics, (quantity.name() + " " + quantity.unit()).strip(), quantity.value()));
        if (frames.count() > 0) {
            put(metrics, "frames", frames.count());
            put(metrics, JANKY, PERCENT * frames.janky() / frames.count());
            percentiles(metrics, "frameDurationCpuMs", Percentiles.ofNs(frames.durationNs()));
            percentiles(metrics, "frameOverrunMs", Percentiles.ofNs(frames.overrunNs()));
        }
        put(metrics, UI_INVERSION, measurement.inversion().uiNs() / NS_PER_MS);
        put(metrics, RSS_MEAN, Resource.rssMean().of(result.run()));
        put(metrics, PAGE_TABLES, Resource.pageTables().of(result.run()));
        put(metrics, APP_CPU, Resource.appCpu().of(result.run()));
        put(metrics, KILLED, result.run().killed() ? PERCENT : 0);
        return new JournalEntry(point, result.spec().seed(), String.format("%016x", result.run().digest()), metrics, null,
                result.run().hostNs() / NS_PER_S);
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
