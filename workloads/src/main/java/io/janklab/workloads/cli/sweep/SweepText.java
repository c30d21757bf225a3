package io.janklab.workloads.cli.sweep;

import io.janklab.workloads.input.OneLine;
import io.janklab.workloads.sweep.LevelEffect;
import io.janklab.workloads.sweep.Mean;
import io.janklab.workloads.sweep.Sensitivity;
import io.janklab.workloads.sweep.SweepPoint;
import io.janklab.workloads.sweep.SweepTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// A sweep's table for people: the main metrics of its points, how they differ between kernels and between levels, how they follow what
/// varied, and the failures.
///
/// @param shown names of the main metrics
record SweepText(SweepTable table, List<String> shown, List<LevelEffect> levels, List<Sensitivity> sensitivities) {
    /// More would not be read on a terminal; the files have all.
    private static final int POINTS_SHOWN = 200;
    private static final int LEVELS_SHOWN = 60;
    private static final int FAILURES_SHOWN = 10;
    /// Of a level.
    private static final int LABELS = 4;

    @Override
    public String toString() {
        String first = table.points().getFirst().kernel();
        List<Integer> points = IntStream.range(0, Math.min(POINTS_SHOWN, table.points().size())).boxed().toList();
        List<Integer> others = points.stream().filter(point -> !table.points().get(point).kernel().equals(first)).toList();
        String differences = others.isEmpty() ? "" : "\nDifferences to " + first + ", seed by seed\n\n"
                + rows(others, SweepTable.Row::difference);
        return heading() + "\n\n" + rows(points, SweepTable.Row::mean) + more() + differences + byLevel() + following() + incomplete()
                + failures() + errorBars();
    }

    private String errorBars() {
        return table.errorBars().isEmpty() ? "" : "\n" + String.join("\n", table.errorBars()) + "\n";
    }

    private String heading() {
        int seeds = table.seeds();
        String of = seeds == 1 ? "Values of 1 seed" : "Means of " + seeds + " seeds, with their 95 % intervals (Student's t),";
        return of + " at " + table.points().size() + " points";
    }

    private String more() {
        int hidden = table.points().size() - POINTS_SHOWN;
        return hidden <= 0 ? "" : String.format(Locale.ROOT, "… and %,d more points in %s%n", hidden, SweepFiles.CSV);
    }

    private String rows(List<Integer> points, BiFunction<SweepTable.Row, String, Mean> values) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(Stream.of(SweepFiles.FIXED.stream(), table.factors().stream(), shown.stream()).flatMap(name -> name).toList());
        for (int point : points) {
            SweepTable.Row row = table.row(point);
            SweepPoint at = row.point();
            Stream<String> labels = Stream.concat(Stream.of(at.device(), at.scenario(), at.kernel()),
                    table.factors().stream().map(at.values()::get)).map(OneLine::of);
            rows.add(Stream.concat(labels, shown.stream().map(metric -> shown(values.apply(row, metric)))).toList());
        }
        return AlignedRows.text(rows, SweepFiles.FIXED.size(), SweepFiles.FIXED.size() + table.factors().size());
    }

    /// A line for each level but a factor's first, a column for each metric.
    private String byLevel() {
        Map<List<String>, Map<String, Mean>> changes = new LinkedHashMap<>();
        for (LevelEffect each : levels) {
            List<String> labels = List.of(each.group(), each.factor(), each.to(), "against " + each.from());
            changes.computeIfAbsent(labels, key -> new LinkedHashMap<>()).put(each.metric(), each.change());
        }
        if (changes.isEmpty()) {
            return "";
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(Stream.concat(Stream.of("at", "factor", "level", ""), shown.stream()).toList());
        changes.entrySet().stream().limit(LEVELS_SHOWN).forEach(level -> rows.add(Stream.concat(
                level.getKey().stream().map(OneLine::of),
                shown.stream().map(metric -> shown(level.getValue().getOrDefault(metric, Mean.NONE)))).toList()));
        String more = changes.size() > LEVELS_SHOWN ? "… and " + (changes.size() - LEVELS_SHOWN) + " more in " + SweepFiles.JSON
                + "\n" : "";
        String interval = table.seeds() == 1
                ? "of one seed: chance cannot be told from effect"
                : "seed by seed, with their 95 % intervals (Student's t)";
        return "\nDifferences between levels, all else equal, " + interval + "\n\n" + AlignedRows.text(rows, LABELS, LABELS) + more;
    }

    private String following() {
        List<Sensitivity> findings = sensitivities.stream().filter(Sensitivity::isFinding).toList();
        StringBuilder text = new StringBuilder();
        String metric = "";
        for (Sensitivity one : findings) {
            if (!one.metric().equals(metric)) {
                metric = one.metric();
                text.append("\nHow ").append(metric).append(" follows: rank correlation (1 rises always, -1 falls always)\n");
            }
            text.append(String.format(Locale.ROOT, "  %+.2f ± %.2f  %s  %s%n", one.correlation().value(), one.correlation().margin(),
                    one.factor(), one.group()));
        }
        int others = sensitivities.size() - findings.size();
        return others == 0 ? text.toString() : text + String.format(Locale.ROOT,
                "%n%d rank correlations whose interval holds zero are in %s alone.%n", others, SweepFiles.JSON);
    }

    private String incomplete() {
        int missing = table.size() - table.ended() - table.failed();
        return missing == 0 ? "" : String.format(Locale.ROOT, "%n%,d of %,d runs are missing: sweep --resume makes them.%n", missing,
                table.size());
    }

    private String failures() {
        if (table.failed() == 0) {
            return "";
        }
        List<String> lines = new ArrayList<>();
        table.failures((point, entry) -> {
            if (lines.size() < FAILURES_SHOWN) {
                lines.add("  " + entry.reasonOfFailure().reason() + "\n    " + table.command(entry.key()) + "\n");
            }
        });
        String more = table.failed() > FAILURES_SHOWN ? "  … all of them in " + SweepFiles.FAILURES + "\n" : "";
        return String.format(Locale.ROOT, "%n%,d of %,d runs failed%n", table.failed(), table.size()) + String.join("", lines) + more;
    }

    private static String shown(Mean mean) {
        return Double.isNaN(mean.margin()) ? shown(mean.value()) : shown(mean.value()) + " ± " + shown(mean.margin());
    }

    private static String shown(double value) {
        return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%,.2f", Math.abs(value) < 0.005 ? 0 : value);
    }
}
