package io.janklab.dashboards.metrics;

import io.janklab.dashboards.file.AtomicFile;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;

/// The meters of several runs as one Prometheus text exposition: each metric once, with the series of every run.
public final class MetricsText {
    private MetricsText() {}

    /// @throws IOException if the file cannot be written; there is then none
    public static void write(List<MetricSnapshots> runs, Path file) throws IOException {
        AtomicFile.write(file, out -> write(runs, out));
    }

    /// Writes UTF-8 and leaves `out` open.
    public static void write(List<MetricSnapshots> runs, OutputStream out) throws IOException {
        PrometheusTextFormatWriter.create().write(out, MergedSnapshots.of(runs));
    }
}
