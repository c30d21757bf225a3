package io.janklab.workloads.cli;

import io.janklab.workloads.sweep.JournalEntry;
import io.janklab.workloads.sweep.Mean;
import io.janklab.workloads.sweep.Sensitivity;
import io.janklab.workloads.sweep.SweepPoint;
import io.janklab.workloads.sweep.SweepTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// A sweep's table as text, as CSV and as JSON.
///
/// @param factors keys of what varied
/// @param seeds how many runs each mean is of
record SweepFiles(SweepTable table, List<String> factors, int seeds) implements OutputFolder.Maker {
    private static final List<String> FRAME_METRICS =
            List.of(JournalEntry.JANKY, JournalEntry.DURATION_P99, JournalEntry.OVERRUN_P99, JournalEntry.UI_INVERSION);
    private static final List<String> FIXED = List.of("device", "scenario", "kernel");
    private static final int QUANTITIES_SHOWN = 3;

    @Override
    public void makeIn(Path folder) throws IOException {
        Files.writeString(folder.resolve("sweep.csv"), csv());
        Files.writeString(folder.resolve("sweep.json"), json());
    }

    /// The main metrics of every point, how they differ between kernels, and how they follow what varied.
    String text() {
        List<String> shown = shown();
        String first = table.points().getFirst().kernel();
        List<Integer> all = IntStream.range(0, table.points().size()).boxed().toList();
        List<Integer> others = all.stream().filter(point -> !table.points().get(point).kernel().equals(first)).toList();
        String differences = others.isEmpty() ? "" : "\nDifferences to " + first + ", seed by seed\n\n" + rows(others, shown, table::difference);
        return heading() + "\n\n" + rows(all, shown, table::mean) + differences + sensitivities(shown);
    }

    private String rows(List<Integer> points, List<String> metrics, BiFunction<Integer, String, Mean> values) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(Stream.of(FIXED.stream(), factors.stream(), metrics.stream()).flatMap(name -> name).toList());
        for (int point : points) {
            rows.add(Stream.concat(labels(point).stream(), metrics.stream().map(metric -> shown(values.apply(point, metric)))).toList());
        }
        return aligned(rows);
    }

    private String heading() {
        String of = seeds == 1 ? "Values of 1 seed" : "Means of " + seeds + " seeds, with their 95 % intervals (Student's t),";
        return of + " at " + table.points().size() + " points";
    }

    /// Not every metric there is: the first quantities of the workload's own, and the frames' main ones.
    private List<String> shown() {
        List<String> own = table.metrics().stream().takeWhile(metric -> !metric.equals("frames") && !metric.equals(JournalEntry.UI_INVERSION))
                .limit(QUANTITIES_SHOWN).toList();
        return Stream.concat(own.stream(), FRAME_METRICS.stream().filter(table.metrics()::contains)).toList();
    }

    private List<String> labels(int point) {
        SweepPoint at = table.points().get(point);
        return Stream.concat(Stream.of(at.device(), at.scenario(), at.kernel()), factors.stream().map(at.values()::get)).toList();
    }

    private String sensitivities(List<String> shown) {
        StringBuilder text = new StringBuilder();
        for (String metric : shown) {
            List<Sensitivity> found = Sensitivity.of(table, factors, metric);
            if (!found.isEmpty()) {
                text.append("\nHow ").append(metric).append(" follows (rank correlation, 1 rises always, -1 falls always; lowest … highest)\n");
            }
            for (Sensitivity one : found) {
                text.append(String.format(Locale.ROOT, "  %+.2f  %s  %s  (%s … %s)%n", one.correlation(), one.factor(), one.group(),
                        shown(one.lowest()), shown(one.highest())));
            }
        }
        return text.toString();
    }

    private static String aligned(List<List<String>> rows) {
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            for (int column = 0; column < row.size(); column++) {
                int at = column;
                int width = rows.stream().mapToInt(other -> other.get(at).length()).max().orElseThrow();
                boolean left = column < FIXED.size();
                text.append(String.format(Locale.ROOT, left ? "%-" + width + "s  " : "%" + width + "s  ", row.get(column)));
            }
            text.setLength(text.toString().stripTrailing().length());
            text.append('\n');
        }
        return text.toString();
    }

    private static String shown(Mean mean) {
        return Double.isNaN(mean.margin()) ? shown(mean.value()) : shown(mean.value()) + " ± " + shown(mean.margin());
    }

    private static String shown(double value) {
        return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%,.2f", value);
    }

    private String csv() {
        StringBuilder text = new StringBuilder();
        Stream<String> metrics = table.metrics().stream().flatMap(metric -> Stream.of(metric, metric + " ±"));
        line(text, Stream.of(FIXED.stream(), factors.stream(), metrics).flatMap(name -> name).toList());
        for (int i = 0; i < table.points().size(); i++) {
            int point = i;
            Stream<String> values = table.metrics().stream().map(metric -> table.mean(point, metric)).flatMap(mean -> Stream.of(number(mean.value()), number(mean.margin())));
            line(text, Stream.concat(labels(point).stream(), values).toList());
        }
        return text.toString();
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "" : Double.toString(value);
    }

    private static void line(StringBuilder text, List<String> cells) {
        text.append(String.join(",", cells.stream().map(SweepFiles::cell).toList())).append('\n');
    }

    /// Quoted where it has to be (RFC 4180).
    private static String cell(String text) {
        return text.matches("[^,\"\n\r]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
    }

    /// By metric; what cannot be said is left out.
    private static Map<String, Double> part(Map<String, Mean> means, ToDoubleFunction<Mean> part) {
        Map<String, Double> values = new LinkedHashMap<>();
        means.forEach((metric, mean) -> values.put(metric, part.applyAsDouble(mean)));
        values.values().removeIf(value -> value.isNaN());
        return values;
    }

    String json() {
        List<Map<String, Object>> points = new ArrayList<>();
        for (int i = 0; i < table.points().size(); i++) {
            SweepPoint at = table.points().get(i);
            Map<String, Object> point = new LinkedHashMap<>();
            point.put("device", at.device());
            point.put("scenario", at.scenario());
            point.put("kernel", at.kernel());
            point.put("values", at.values());
            point.put("means", part(table.means().get(i), Mean::value));
            point.put("margins", part(table.means().get(i), Mean::margin));
            point.put("differences", part(table.differences().get(i), Mean::value));
            point.put("differenceMargins", part(table.differences().get(i), Mean::margin));
            points.add(point);
        }
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("seeds", seeds);
        all.put("points", points);
        all.put("sensitivity", shown().stream().flatMap(metric -> Sensitivity.of(table, factors, metric).stream()).toList());
        return JsonText.of(all);
    }
}
