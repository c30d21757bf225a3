package io.janklab.dashboards.report.text;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Rows of text whose columns line up, within [Wrap#width] columns where one of them may be wrapped.
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
        int room = Wrap.width() - indent.length();
        if (wrapped >= 0) {
            widths[wrapped] = Math.min(widths[wrapped], Math.max(NARROWEST, widths[wrapped] - whole(widths) + room));
        }
        if (whole(widths) <= room || TerminalWidth.columns() == TerminalWidth.MOST) {
            rows.forEach(row -> print(out, indent, row, widths, wrapped));
        } else {
            blocks(out, indent, widths, room);
        }
    }

    private static int whole(int[] widths) {
        return Arrays.stream(widths).sum() + GAP.length() * (widths.length - 1);
    }

    /// The columns that say what a row is about: those before the first figure.
    private int labels() {
        int labels = alignment.indexOf('r');
        return labels < 0 ? 1 : Math.max(1, labels);
    }

    /// On a narrow terminal: as many columns as fit, and the others below, with the labels repeated.
    private void blocks(PrintStream out, String indent, int[] widths, int room) {
        int labels = labels();
        int taken = whole(Arrays.copyOf(widths, labels));
        int first = labels;
        while (first < widths.length) {
            int end = first + 1;
            int used = taken + GAP.length() + widths[first];
            while (end < widths.length && used + GAP.length() + widths[end] <= room) {
                used += GAP.length() + widths[end];
                end++;
            }
            block(first, end).print(out, indent);
            if (end < widths.length) {
                out.println();
            }
            first = end;
        }
    }

    private TextTable block(int first, int end) {
        int labels = labels();
        TextTable block = new TextTable(alignment.substring(0, labels) + alignment.substring(first, end));
        for (String[] row : rows) {
            List<String> cells = new ArrayList<>(Arrays.asList(row).subList(0, Math.min(labels, row.length)));
            if (row.length > first) {
                cells.addAll(Arrays.asList(row).subList(first, Math.min(end, row.length)));
            }
            block.row(cells.toArray(String[]::new));
        }
        return block;
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
