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
            .map th, .map td { border: 1px solid var(--line); padding: 6px 12px; }
            .map tbody th { text-align: left; color: var(--ink); }
            .map .c { text-align: right; } .map .b { font-weight: 600; }
            .legend i.beyond { border: 3px solid var(--ink); }
            @media (max-width: 640px) {
              .map table { display: table; } .map thead { display: table-header-group; } .map tbody { display: table-row-group; }
              .map tr { display: table-row; } .map td { display: table-cell; }
            }
            """;
    private static final String LOWER = "40, 100, 220";
    private static final String HIGHER = "220, 60, 40";
    private static final double STRONGEST = 0.85;
    /// Of a cell: the shadow of 3 pixels within it, and the step to the cell beyond.
    private static final Map<String, int[]> EDGES = new TreeMap<>(Map.of(
            "0 3px", new int[] {-1, 0}, "0 -3px", new int[] {1, 0}, "3px 0", new int[] {0, -1}, "-3px 0", new int[] {0, 1}));

    private final HeatMap map;
    private final PlainPage page;
    private final Html html;

    private HeatMapHtml(HeatMap map) {
        this.map = map;
        page = new PlainPage(map.title(), "Janklab · where it matters", STYLE);
        html = page.html();
        page.paragraph(map.verdict());
        page.paragraph("Each cell: how much " + Words.metric(map.metric()) + " changes from the first kernel to the second, with the row's "
                + "value of " + map.y() + " and the column's of " + map.x() + ". The stronger the colour, the larger the change.");
        html.raw("<p class=\"legend\"><span><i style=\"background: rgb(" + LOWER + ")\"></i> lower</span><span><i style=\"background: rgb("
                + HIGHER + ")\"></i> higher</span><span><i class=\"beyond\"></i> within the line, and *: beyond chance</span></p>\n");
        cells();
        commands();
    }

    public static String text(HeatMap map) {
        return new HeatMapHtml(map).page.toString();
    }

    private void cells() {
        html.raw("<div class=\"wide map\"><table>\n<thead><tr><th scope=\"col\">").text(map.y() + " \\ " + map.x()).raw("</th>");
        map.xs().forEach(x -> html.raw("<th scope=\"col\">").text(x).raw("</th>"));
        html.raw("</tr></thead>\n<tbody>\n");
        for (int row = 0; row < map.ys().size(); row++) {
            html.raw("<tr><th scope=\"row\">").text(map.ys().get(row)).raw("</th>");
            for (int column = 0; column < map.xs().size(); column++) {
                cell(map.cells().get(row).get(column), contour(row, column));
            }
            html.raw("</tr>\n");
        }
        html.raw("</tbody></table></div>\n");
    }

    /// The edges of a cell at which what differs beyond chance ends, as shadows within it; none of a cell that does not differ.
    private String contour(int row, int column) {
        if (!isBeyondChance(row, column)) {
            return "";
        }
        List<String> edges = new ArrayList<>();
        EDGES.forEach((edge, step) -> {
            if (!isBeyondChance(row + step[0], column + step[1])) {
                edges.add("inset " + edge + " var(--ink)");
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
        String colour = comparison.difference() > 0 ? HIGHER : LOWER;
        html.raw(String.format(Locale.ROOT, "<td class=\"c%s\" style=\"background: rgba(%s, %.2f)%s\" title=\"",
                comparison.isBeyondChance() ? " b" : "", colour, Double.isNaN(strength) ? 0 : strength, contour));
        html.text(cell.command()).raw("\">").text(HeatMapText.change(comparison)).raw("</td>");
    }

    private void commands() {
        html.element("h2", "Each cell by itself");
        HtmlTable table = html.table("llrrt", map.y(), map.x(), "first kernel", "change", "command that shows it");
        for (int row = 0; row < map.ys().size(); row++) {
            List<HeatMap.Cell> cells = map.cells().get(row);
            for (int column = 0; column < cells.size(); column++) {
                HeatMap.Cell cell = cells.get(column);
                table.rowEndingWith("<code>" + Html.escape(cell.command()) + "</code>",
                        map.ys().get(row), map.xs().get(column), cell.from(), HeatMapText.change(cell.comparison()));
            }
        }
        table.end();
    }
}
