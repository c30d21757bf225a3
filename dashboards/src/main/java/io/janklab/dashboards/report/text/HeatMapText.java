package io.janklab.dashboards.report.text;

import io.janklab.dashboards.compare.Comparison;
import io.janklab.dashboards.compare.HeatMap;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A [HeatMap] as a table: the change in each cell, with a star where it is beyond chance.
public final class HeatMapText {
    private static final double NS_PER_MS = 1e6;

    private HeatMapText() {}

    public static String of(HeatMap map) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
            out.println(map.title());
            out.println("change of " + Words.metric(map.metric()) + " from the first kernel to the second; * beyond chance");
            out.println();
            TextTable table = new TextTable("l" + "r".repeat(map.xs().size()));
            List<String> head = new ArrayList<>(List.of(map.y() + " \\ " + map.x()));
            head.addAll(map.xs());
            table.row(head.toArray(String[]::new));
            for (int row = 0; row < map.ys().size(); row++) {
                List<String> cells = new ArrayList<>(List.of(map.ys().get(row)));
                map.cells().get(row).forEach(cell -> cells.add(change(cell.comparison())));
                table.row(cells.toArray(String[]::new));
            }
            table.print(out, "");
            out.println();
            out.println(map.verdict());
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /// `-1.20*`.
    public static String change(Comparison comparison) {
        return change(comparison.metric(), comparison.difference()) + (comparison.isBeyondChance() ? "*" : "");
    }

    /// A difference in a readable unit: inversion in ms.
    public static String change(String metric, double difference) {
        return Words.signed(metric.endsWith("Ns") ? difference / NS_PER_MS : difference);
    }
}
