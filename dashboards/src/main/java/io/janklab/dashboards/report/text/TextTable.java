package io.janklab.dashboards.report.text;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Rows of text whose columns line up, within [Wrap#WIDTH] columns where one of them may be wrapped.
final class TextTable {
    private static final String GAP = "  ";
    private static final int NARROWEST = 22;

    private final String alignment;
    private final List<String[]> rows = new ArrayList<>();

    /// @param alignment one letter per column: `l` to the left, `r` to the right, `w` to the left and wrapped if the table would be too
    /// wide
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
        int wrapped = alignment.indexOf('w');
        if (wrapped >= 0) {
            int whole = indent.length() + Arrays.stream(widths).sum() + GAP.length() * (widths.length - 1);
            widths[wrapped] = Math.min(widths[wrapped], Math.max(NARROWEST, widths[wrapped] - whole + Wrap.WIDTH));
        }
        rows.forEach(row -> print(out, indent, row, widths, wrapped));
    }

    private void print(PrintStream out, String indent, String[] row, int[] widths, int wrapped) {
        if (wrapped < 0 || wrapped >= row.length || Ink.width(row[wrapped]) <= widths[wrapped]) {
            out.println(indent + line(row, widths));
            return;
        }
        List<String> pieces = Wrap.lines(row[wrapped], widths[wrapped]);
        for (int i = 0; i < pieces.size(); i++) {
            String[] line = i == 0 ? row.clone() : new String[wrapped + 1];
            if (i > 0) {
                Arrays.fill(line, "");
            }
            line[wrapped] = pieces.get(i);
            out.println(indent + line(line, widths));
        }
    }

    private String line(String[] row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < row.length; i++) {
            String padding = " ".repeat(Math.max(0, widths[i] - Ink.width(row[i])));
            line.append(i == 0 ? "" : GAP).append(alignment.charAt(i) == 'r' ? padding + row[i] : row[i] + padding);
        }
        return line.toString().stripTrailing();
    }
}
