package io.janklab.workloads.cli;

import io.janklab.workloads.input.OneLine;
import io.janklab.workloads.sweep.Mean;
import io.janklab.workloads.sweep.Sensitivity;
import io.janklab.workloads.sweep.SweepPoint;
import io.janklab.workloads.sweep.SweepTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// A sweep's table for people: the main metrics of its points, how they differ between kernels, how they follow what varied, what failed.
///
/// @param shown names of the main metrics
record SweepText(SweepTable table, List<String> shown, List<Sensitivity> sensitivities) {
    /// More nobody reads on a terminal; the files have all.
    private static final int POINTS_SHOWN = 200;
    private static final int FAILURES_SHOWN = 10;

    @Override
    public String toString() {
        String first = table.points().getFirst().kernel();
        List<Integer> points = IntStream.range(0, Math.min(POINTS_SHOWN, table.points().size())).boxed().toList();
        List<Integer> others = points.stream().filter(point -> !table.points().get(point).kernel().equals(first)).toList();
        String differences = others.isEmpty() ? "" : "\nDifferences to " + first + ", seed by seed\n\n" + rows(others, SweepTable.Row::difference);
        return heading() + "\n\n" + rows(points, SweepTable.Row::mean) + more() + differences + following() + incomplete() + failures();
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
            Stream<String> labels = Stream.concat(Stream.of(at.device(), at.scenario(), at.kernel()), table.factors().stream().map(at.values()::get)).map(OneLine::of);
            rows.add(Stream.concat(labels, shown.stream().map(metric -> shown(values.apply(row, metric)))).toList());
        }
        return aligned(rows);
    }

    private String following() {
        StringBuilder text = new StringBuilder();
        String metric = "";
        for (Sensitivity one : sensitivities) {
            if (!one.metric().equals(metric)) {
                metric = one.metric();
                text.append("\nHow ").append(metric).append(" follows (rank correlation, 1 rises always, -1 falls always; lowest … highest)\n");
            }
            text.append(String.format(Locale.ROOT, "  %+.2f  %s  %s  (%s … %s)%n", one.correlation(), one.factor(), one.group(),
                    shown(one.lowest()), shown(one.highest())));
        }
        return text.toString();
    }

    private String incomplete() {
        int missing = table.size() - table.ended() - table.failed();
        return missing == 0 ? "" : String.format(Locale.ROOT, "%n%,d of %,d runs are missing: sweep --resume makes them.%n", missing, table.size());
    }

    private String failures() {
        if (table.failed() == 0) {
            return "";
        }
        List<String> lines = new ArrayList<>();
        table.failures((point, entry) -> {
            if (lines.size() < FAILURES_SHOWN) {
                lines.add("  " + entry.failure().reason() + "\n    " + table.command(entry.key()) + "\n");
            }
        });
        String more = table.failed() > FAILURES_SHOWN ? "  … all of them in " + SweepFiles.FAILURES + "\n" : "";
        return String.format(Locale.ROOT, "%n%,d of %,d runs failed%n", table.failed(), table.size()) + String.join("", lines) + more;
    }

    private static String aligned(List<List<String>> rows) {
        int[] widths = new int[rows.getFirst().size()];
        rows.forEach(row -> IntStream.range(0, widths.length).forEach(column -> widths[column] = Math.max(widths[column], row.get(column).length())));
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < widths.length; column++) {
                boolean left = column < SweepFiles.FIXED.size();
                line.append(String.format(Locale.ROOT, left ? "%-" + widths[column] + "s  " : "%" + widths[column] + "s  ", row.get(column)));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private static String shown(Mean mean) {
        return Double.isNaN(mean.margin()) ? shown(mean.value()) : shown(mean.value()) + " ± " + shown(mean.margin());
    }

    private static String shown(double value) {
        return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%,.2f", value);
    }
}
