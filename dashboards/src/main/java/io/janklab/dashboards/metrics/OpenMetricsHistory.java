package io.janklab.dashboards.metrics;

import io.janklab.dashboards.file.AtomicFile;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/// Meters over time as one OpenMetrics exposition with a time stamp at every value, as `promtool tsdb create-blocks-from openmetrics` reads
/// it. The caller bounds its size by how often it samples ([#intervalNs]).
public final class OpenMetricsHistory {
    private static final int MAX_SAMPLES = 1_000;
    private static final long SHORTEST_INTERVAL_NS = 100_000_000;
    private static final long NS_PER_MS = 1_000_000;
    private static final int MS_DECIMALS = 3;

    /// Metadata and, by the labels of the series (`le` left out), the lines of all samples.
    private static final class Family {
        private final StringBuilder metadata = new StringBuilder();
        private final Map<String, StringBuilder> series = new LinkedHashMap<>();
        private boolean isDescribed;
    }

    private final long epochMs;
    private final Map<String, Family> families = new TreeMap<>();

    /// @param epochMs wall-clock time of virtual time 0, in ms since 1970
    public OpenMetricsHistory(long epochMs) {
        this.epochMs = epochMs;
    }

    /// How often to sample a run of that length, so that no series has more than 1,000 values: each 0.1 s, or a multiple of it.
    public static long intervalNs(long durationNs) {
        long atLeast = Math.ceilDiv(durationNs, MAX_SAMPLES);
        return Math.max(1, Math.ceilDiv(atLeast, SHORTEST_INTERVAL_NS)) * SHORTEST_INTERVAL_NS;
    }

    /// Adds what the meters of a run showed at `now` (ns of virtual time). Times of one run must increase.
    public void sample(long now, MetricSnapshots meters) {
        String stamp = " " + BigDecimal.valueOf(epochMs + now / NS_PER_MS, MS_DECIMALS) + "\n";
        Family family = new Family();
        String name = "";
        for (String line : text(meters).split("\n")) {
            if (line.equals("# EOF")) {
                break;
            }
            if (line.startsWith("# ") && !line.split(" ")[2].equals(name)) {
                name = line.split(" ")[2];
                family = families.computeIfAbsent(name, unknown -> new Family());
                family.isDescribed = !family.metadata.isEmpty();
            }
            if (!line.startsWith("#")) {
                family.series.computeIfAbsent(labels(line), unknown -> new StringBuilder()).append(line).append(stamp);
            } else if (!family.isDescribed) {
                family.metadata.append(line).append('\n');
            }
        }
    }

    private static String text(MetricSnapshots meters) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            OpenMetricsTextFormatWriter.builder().setCreatedTimestampsEnabled(false).build().write(bytes, meters);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /// All values of one histogram stand together.
    private static String labels(String line) {
        int begin = line.indexOf('{');
        return begin < 0 ? "" : line.substring(begin, line.lastIndexOf('}')).replaceFirst(",?le=\"[^\"]*\"", "");
    }

    /// @throws IOException if the file cannot be written; there is then none
    public void write(Path file) throws IOException {
        AtomicFile.write(file, this::write);
    }

    void write(OutputStream out) throws IOException {
        for (Family family : families.values()) {
            print(out, family.metadata);
            for (StringBuilder series : family.series.values()) {
                print(out, series);
            }
        }
        print(out, "# EOF\n");
    }

    private static void print(OutputStream out, CharSequence text) throws IOException {
        out.write(text.toString().getBytes(StandardCharsets.UTF_8));
    }
}
