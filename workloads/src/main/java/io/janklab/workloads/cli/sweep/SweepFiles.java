package io.janklab.workloads.cli.sweep;

import io.janklab.workloads.cli.common.OutputFolder;
import io.janklab.workloads.sweep.JournalEntry;
import io.janklab.workloads.sweep.LevelEffect;
import io.janklab.workloads.sweep.Mean;
import io.janklab.workloads.sweep.RunValues;
import io.janklab.workloads.sweep.Sensitivity;
import io.janklab.workloads.sweep.SweepPoint;
import io.janklab.workloads.sweep.SweepTable;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// A sweep's table as CSV and as JSON, and its failures, written in one pass over its points, of which there may be a hundred thousand.
final class SweepFiles implements OutputFolder.Maker {
    static final String CSV = "sweep.csv";
    static final String JSON = "sweep.json";
    static final String FAILURES = "failures.csv";
    static final List<String> FIXED = List.of("device", "scenario", "kernel");

    private static final List<String> FRAME_METRICS =
            List.of(JournalEntry.JANKY, JournalEntry.DURATION_P99, JournalEntry.OVERRUN_P99, JournalEntry.UI_INVERSION,
                    JournalEntry.RSS_MEAN, JournalEntry.PAGE_TABLES, JournalEntry.APP_CPU, JournalEntry.KILLED);
    private static final int QUANTITIES_SHOWN = 3;
    private static final JsonMapper MAPPER = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final SweepTable table;
    private final List<String> shown;
    /// Of each metric shown.
    private final Map<String, RunValues> values = new LinkedHashMap<>();

    SweepFiles(SweepTable table) {
        this.table = table;
        this.shown = main(table.metrics());
        shown.forEach(metric -> values.put(metric, new RunValues(table.points().size(), table.seeds())));
    }

    /// Not every metric there is: the first quantities of the workload's own, and the frames' main ones.
    private static List<String> main(List<String> metrics) {
        List<String> own = metrics.stream().takeWhile(metric -> !metric.equals("frames") && !metric.equals(JournalEntry.UI_INVERSION))
                .limit(QUANTITIES_SHOWN).toList();
        return Stream.concat(own.stream(), FRAME_METRICS.stream().filter(metrics::contains)).toList();
    }

    /// The names of the files it makes.
    List<String> names() {
        return table.failed() == 0 ? List.of(CSV, JSON) : List.of(CSV, JSON, FAILURES);
    }

    @Override
    public boolean isLeftover(String name) {
        return name.equals(FAILURES);
    }

    /// For the user, once the files are made.
    SweepText text() {
        List<String> told = shown.stream().filter(metric -> !metric.equals(JournalEntry.KILLED) || anyKilled()).toList();
        return new SweepText(table, told, levels(), sensitivities());
    }

    private RunValues of(String metric) {
        return Objects.requireNonNull(values.get(metric));
    }

    private boolean anyKilled() {
        return of(JournalEntry.KILLED).highest() > 0;
    }

    private List<LevelEffect> levels() {
        return ofEach(metric -> LevelEffect.of(table.points(), table.factors(), metric, of(metric)));
    }

    private List<Sensitivity> sensitivities() {
        return ofEach(metric -> Sensitivity.of(table.points(), table.factors(), metric, of(metric)));
    }

    private <T> List<T> ofEach(Function<String, List<T>> findings) {
        return shown.stream().flatMap(metric -> findings.apply(metric).stream()).toList();
    }

    @Override
    public void makeIn(Path folder) throws IOException {
        try (BufferedWriter csv = Files.newBufferedWriter(folder.resolve(CSV));
                JsonGenerator json = MAPPER.createGenerator(Files.newOutputStream(folder.resolve(JSON)), JsonEncoding.UTF8)) {
            csv.write(line(heads()));
            json.writeStartObject();
            json.writeNumberProperty("seeds", table.seeds());
            if (!table.errorBars().isEmpty()) {
                json.writePOJOProperty("notes", table.errorBars());
            }
            json.writeArrayPropertyStart("points");
            for (int point = 0; point < table.points().size(); point++) {
                SweepTable.Row row = table.row(point);
                for (String metric : shown) {
                    for (int seed = 0; seed < table.seeds(); seed++) {
                        of(metric).set(point, seed, row.value(metric, seed));
                    }
                }
                csv.write(line(cells(row)));
                json.writePOJO(json(row));
            }
            json.writeEndArray();
            json.writePOJOProperty("levels", levels().stream().map(SweepFiles::json).toList());
            json.writePOJOProperty("sensitivity", sensitivities().stream().map(SweepFiles::json).toList());
            json.writeArrayPropertyStart("failures");
            table.failures((point, entry) -> json.writePOJO(failure(point, entry)));
            json.writeEndArray();
            json.writeEndObject();
            json.writeRaw('\n');
        }
        if (table.failed() > 0) {
            writeFailures(folder.resolve(FAILURES));
        }
    }

    private List<String> heads() {
        Stream<String> metrics = table.metrics().stream().flatMap(metric -> Stream.of(metric, metric + " ±"));
        return Stream.of(FIXED.stream(), table.factors().stream(), metrics, Stream.of("runs", "failed")).flatMap(name -> name).toList();
    }

    private List<String> cells(SweepTable.Row row) {
        List<String> cells = new ArrayList<>(labels(row.point()));
        for (String metric : table.metrics()) {
            cells.add(number(row.mean(metric).value()));
            cells.add(number(row.mean(metric).margin()));
        }
        cells.add(Integer.toString(row.runs()));
        cells.add(Integer.toString(row.failed()));
        return cells;
    }

    private List<String> labels(SweepPoint at) {
        return Stream.concat(Stream.of(at.device(), at.scenario(), at.kernel()), table.factors().stream().map(at.values()::get)).toList();
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "" : Double.toString(value);
    }

    private static String line(List<String> cells) {
        return String.join(",", cells.stream().map(SweepFiles::cell).toList()) + "\n";
    }

    /// Quoted where it has to be (RFC 4180).
    private static String cell(String text) {
        return text.matches("[^,\"\n\r]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
    }

    private static Map<String, Object> json(SweepTable.Row row) {
        Map<String, Object> point = new LinkedHashMap<>();
        point.put("device", row.point().device());
        point.put("scenario", row.point().scenario());
        point.put("kernel", row.point().kernel());
        point.put("values", row.point().values());
        point.put("runs", row.runs());
        point.put("failed", row.failed());
        point.put("means", part(row.means(), Mean::value));
        point.put("margins", part(row.means(), Mean::margin));
        point.put("differences", part(row.differences(), Mean::value));
        point.put("differenceMargins", part(row.differences(), Mean::margin));
        return point;
    }

    private static Map<String, Object> json(LevelEffect effect) {
        Map<String, Object> level = new LinkedHashMap<>();
        level.put("group", effect.group());
        level.put("factor", effect.factor());
        level.put("from", effect.from());
        level.put("to", effect.to());
        level.put("metric", effect.metric());
        put(level, "change", effect.change());
        return level;
    }

    private static Map<String, Object> json(Sensitivity one) {
        Map<String, Object> sensitivity = new LinkedHashMap<>();
        sensitivity.put("group", one.group());
        sensitivity.put("factor", one.factor());
        sensitivity.put("metric", one.metric());
        put(sensitivity, "correlation", one.correlation());
        return sensitivity;
    }

    /// The margin is null where there is no interval.
    private static void put(Map<String, Object> node, String name, Mean mean) {
        node.put(name, mean.value());
        node.put("margin", Double.isNaN(mean.margin()) ? null : mean.margin());
    }

    /// By metric; unknown values are left out.
    private static Map<String, Double> part(Map<String, Mean> means, ToDoubleFunction<Mean> part) {
        Map<String, Double> values = new LinkedHashMap<>();
        means.forEach((metric, mean) -> values.put(metric, part.applyAsDouble(mean)));
        values.values().removeIf(value -> value.isNaN());
        return values;
    }

    private Map<String, Object> failure(SweepPoint point, JournalEntry entry) {
        Map<String, Object> failure = new LinkedHashMap<>();
        failure.put("device", point.device());
        failure.put("scenario", point.scenario());
        failure.put("kernel", point.kernel());
        failure.put("values", point.values());
        failure.put("seed", entry.seed());
        failure.put("kind", entry.reasonOfFailure().kind());
        failure.put("reason", entry.reasonOfFailure().reason());
        failure.put("command", table.command(entry.key()));
        return failure;
    }

    private void writeFailures(Path file) throws IOException {
        StringBuilder text = new StringBuilder();
        text.append(line(Stream.of(FIXED.stream(), table.factors().stream(), Stream.of("seed", "kind", "reason", "command"))
                .flatMap(name -> name).toList()));
        table.failures((point, entry) -> {
            List<String> cells = new ArrayList<>(labels(point));
            cells.addAll(List.of(Long.toString(entry.seed()), entry.reasonOfFailure().kind().name(), entry.reasonOfFailure().reason(),
                    table.command(entry.key())));
            text.append(line(cells));
        });
        Files.writeString(file, text);
    }
}
