package io.janklab.dashboards.report.html;

import io.janklab.dashboards.compare.Comparison;
import io.janklab.dashboards.compare.HeatMap;
import io.janklab.dashboards.report.text.HeatMapText;
import io.janklab.dashboards.report.text.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// `map.html`: a heat map as a table whose cells are coloured by their change, blue for lower and red for higher, with a contour around
/// those that differ beyond chance; each cell's command beside it. No scripts: a page to mail.
public final class HeatMapHtml {
    private static final String STYLE = """
            body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; }
            table { border-collapse: collapse; margin: 1rem 0; } th, td { padding: .5rem .8rem; border: 1px solid #ddd; }
            td.c { text-align: right; color: #111; } td.b { font-weight: 600; }
            code { font-size: .85em; }
            """;
    private static final double STRONGEST = 0.85;
    /// Of a cell: the shadow of 3 pixels within it, and the step to the cell beyond.
    private static final Map<String, int[]> EDGES = new TreeMap<>(Map.of(
            "0 3px", new int[] {-1, 0}, "0 -3px", new int[] {1, 0}, "3px 0", new int[] {0, -1}, "-3px 0", new int[] {0, 1}));

    private final HeatMap map;
    private final Html html = new Html();

    private HeatMapHtml(HeatMap map) {
        this.map = map;
        html.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        html.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n");
        html.element("title", "Janklab: " + map.title()).raw("<style>" + STYLE + "</style>\n</head>\n<body>\n");
        html.element("h1", map.title());
        html.element("p", "Change of " + Words.metric(map.metric()) + " from the first kernel to the second: blue is lower, red is higher, "
                + "and the line is drawn around what differs beyond chance. " + map.verdict());
        cells();
        commands();
        html.raw("</body>\n</html>\n");
    }

    public static String text(HeatMap map) {
        return new HeatMapHtml(map).html.toString();
    }

    private void cells() {
        html.raw("<table>\n<tr><th>").text(map.y() + " \\ " + map.x()).raw("</th>");
        map.xs().forEach(x -> html.raw("<th>").text(x).raw("</th>"));
        html.raw("</tr>\n");
        for (int row = 0; row < map.ys().size(); row++) {
            html.raw("<tr><th>").text(map.ys().get(row)).raw("</th>");
            for (int column = 0; column < map.xs().size(); column++) {
                cell(map.cells().get(row).get(column), contour(row, column));
            }
            html.raw("</tr>\n");
        }
        html.raw("</table>\n");
    }

    /// The edges of a cell at which what differs beyond chance ends, as shadows within it; none of a cell that does not differ.
    private String contour(int row, int column) {
        if (!isBeyondChance(row, column)) {
            return "";
        }
        List<String> edges = new ArrayList<>();
        EDGES.forEach((edge, step) -> {
            if (!isBeyondChance(row + step[0], column + step[1])) {
                edges.add("inset " + edge + " #111");
            }
        });
        return edges.isEmpty() ? "" : "; box-shadow: " + String.join(", ", edges);
    }

    private boolean isBeyondChance(int row, int column) {
        boolean exists = row >= 0 && row < map.ys().size() && column >= 0 && column < map.xs().size();
        return exists && map.cells().get(row).get(column).comparison().isBeyondChance();
    }

    private void cell(HeatMap.Cell cell, String contour) {
        Comparison comparison = cell.comparison();
        double strength = map.largest() == 0 ? 0 : STRONGEST * Math.abs(comparison.difference()) / map.largest();
        String colour = comparison.difference() > 0 ? "220, 60, 40" : "40, 100, 220";
        html.raw(String.format(Locale.ROOT, "<td class=\"c%s\" style=\"background: rgba(%s, %.2f)%s\" title=\"",
                comparison.isBeyondChance() ? " b" : "", colour, Double.isNaN(strength) ? 0 : strength, contour));
        html.text(cell.command()).raw("\">").text(HeatMapText.change(comparison)).raw("</td>");
    }

    private void commands() {
        html.element("h2", "Each cell by itself");
        HtmlTable table = html.table("llrrt", map.y(), map.x(), "first kernel", "change", "command");
        for (int row = 0; row < map.ys().size(); row++) {
            List<HeatMap.Cell> cells = map.cells().get(row);
            for (int column = 0; column < cells.size(); column++) {
                HeatMap.Cell cell = cells.get(column);
                table.row(map.ys().get(row), map.xs().get(column), cell.from(), HeatMapText.change(cell.comparison()), cell.command());
            }
        }
        table.end();
    }
}
