package io.janklab.workloads.cli.sweep;

import io.janklab.dashboards.report.text.Wrap;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Rows of text whose columns line up; where they would be wider than a terminal, the columns after the labels continue below, with the
/// labels repeated.
final class AlignedRows {
    private static final String GAP = "  ";

    private AlignedRows() {}

    /// @param rows the first has the heads
    /// @param left how many columns are aligned to the left, the others to the right
    /// @param labels how many columns say what a row is about; a label that is the same in every row is left out, but never all of them
    static String text(List<List<String>> rows, int left, int labels) {
        int[] widths = IntStream.range(0, rows.getFirst().size())
                .map(column -> rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0)).toArray();
        List<Integer> shownLabels = IntStream.range(0, labels).filter(column -> varies(rows, column)).boxed().toList();
        List<Integer> kept = shownLabels.isEmpty() ? IntStream.range(0, labels).boxed().toList() : shownLabels;
        List<String> blocks = blocks(labels, kept, widths).stream()
                .map(columns -> rows.stream().map(row -> line(row, columns, widths, left)).collect(Collectors.joining()))
                .toList();
        return saysWhatIsTheSame(rows, labels, kept) + String.join("\n", blocks);
    }

    /// The columns of each block: the labels, and as many of the others as fit.
    private static List<List<Integer>> blocks(int labels, List<Integer> kept, int[] widths) {
        List<List<Integer>> blocks = new ArrayList<>();
        int room = -1;
        for (int column = labels; column < widths.length; column++) {
            room -= widths[column] + GAP.length();
            if (room < 0) {
                blocks.add(new ArrayList<>(kept));
                room = Wrap.width() - kept.stream().mapToInt(label -> widths[label] + GAP.length()).sum() - widths[column];
            }
            blocks.getLast().add(column);
        }
        return blocks;
    }

    private static boolean varies(List<List<String>> rows, int column) {
        return rows.stream().skip(1).map(row -> row.get(column)).distinct().count() > 1;
    }

    /// `device pixel-6, scenario scroll`; empty if nothing is.
    private static String saysWhatIsTheSame(List<List<String>> rows, int labels, List<Integer> kept) {
        List<String> same = IntStream.range(0, labels)
                .filter(column -> !kept.contains(column))
                .mapToObj(column -> (rows.getFirst().get(column) + " " + rows.getLast().get(column)).strip())
                .toList();
        return same.isEmpty() ? "" : String.join(", ", same) + "\n";
    }

    private static String line(List<String> row, List<Integer> columns, int[] widths, int left) {
        StringBuilder line = new StringBuilder();
        for (int column : columns) {
            String form = column < left ? "%-" + Math.max(1, widths[column]) + "s" : "%" + Math.max(1, widths[column]) + "s";
            line.append(line.isEmpty() ? "" : GAP).append(String.format(Locale.ROOT, form, row.get(column)));
        }
        return line.toString().stripTrailing() + "\n";
    }
}
