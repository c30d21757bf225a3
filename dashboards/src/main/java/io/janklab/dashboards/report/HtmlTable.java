package io.janklab.dashboards.report;

/// A table being written; every cell is escaped. Wide ones scroll by themselves.
final class HtmlTable {
    private final Html html;
    private final String alignment;

    HtmlTable(Html html, String alignment, String... headers) {
        this.html = html;
        this.alignment = alignment;
        html.raw("<div class=\"wide\"><table>\n<thead>");
        cells("th", headers);
        html.raw("</thead>\n<tbody>\n");
    }

    HtmlTable row(String... cells) {
        cells("td", cells);
        return this;
    }

    private void cells(String tag, String... cells) {
        html.raw("<tr>");
        for (int i = 0; i < cells.length; i++) {
            html.raw("<" + tag + cssClass(alignment.charAt(i)) + ">").text(cells[i]).raw("</" + tag + ">");
        }
        html.raw("</tr>\n");
    }

    private static String cssClass(char column) {
        return switch (column) {
            case 'r' -> " class=\"number\"";
            case 't' -> " class=\"text\"";
            default -> "";
        };
    }

    void end() {
        html.raw("</tbody></table></div>\n");
    }
}
