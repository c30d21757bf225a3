package io.janklab.dashboards.report.text;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/// Rows of text whose columns line up.
final class TextTable {
    private static final String GAP = "  ";

    private final String alignment;
    private final List<String[]> rows = new ArrayList<>();

    /// @param alignment one letter per column: `l` to the left, `r` to the right
    TextTable(String alignment) {
        this.alignment = alignment;
    }

    /// @param cells at most one per column
    void row(String... cells) {
        rows.add(cells);
    }

    void print(PrintStream out, String indent) {
        int[] widths = new int[alignment.length()];
        for (String[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                widths[i] = Math.max(widths[i], Ink.width(row[i]));
            }
        }
        rows.forEach(row -> out.println(indent + line(row, widths)));
    }

    private String line(String[] row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < row.length; i++) {
            String padding = " ".repeat(widths[i] - Ink.width(row[i]));
            boolean left = alignment.charAt(i) == 'l';
            line.append(i == 0 ? "" : GAP).append(left ? row[i] + padding : padding + row[i]);
        }
        return line.toString().stripTrailing();
    }
}
