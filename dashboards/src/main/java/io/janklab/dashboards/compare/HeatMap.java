package io.janklab.dashboards.compare;

import java.util.List;

/// Where two kernels differ in a metric: one comparison for each pair of values of two keys.
///
/// @param title what was compared, in a line
/// @param metric the name it has in a [Comparison]
/// @param x the key that changes from column to column
/// @param y the key that changes from row to row
/// @param cells row by row, as `ys`, each with one cell for each of `xs`
public record HeatMap(String title, String metric, String x, List<String> xs, String y, List<String> ys, List<List<Cell>> cells) {
    /// @param from    the first kernel's value in the metric's unit, in words
    /// @param command the command that shows this cell alone
    public record Cell(Comparison comparison, String from, String command) {}

    public HeatMap {
        xs = List.copyOf(xs);
        ys = List.copyOf(ys);
        cells = cells.stream().map(List::copyOf).toList();
    }

    /// The largest difference of any cell, either way; 0 if there is none.
    public double largest() {
        return cells.stream().flatMap(List::stream).mapToDouble(cell -> Math.abs(cell.comparison().difference()))
                .filter(size -> !Double.isNaN(size)).max().orElse(0);
    }

    /// What the cells say together, in a sentence.
    public String verdict() {
        int all = xs.size() * ys.size();
        if (cells.getFirst().getFirst().comparison().verdict() == Comparison.Verdict.TOO_FEW_SEEDS) {
            return "Too few seeds to tell any cell from chance: --seeds takes more.";
        }
        String said = beyondChance() + (all == 1 ? " of 1 cell differs" : " of " + all + " cells differ") + " beyond chance";
        return said + (beyondChance() == 0 ? ": here the two kernels are alike." : ".");
    }

    /// How many cells differ beyond chance.
    public long beyondChance() {
        return cells.stream().flatMap(List::stream).filter(cell -> cell.comparison().isBeyondChance()).count();
    }
}
