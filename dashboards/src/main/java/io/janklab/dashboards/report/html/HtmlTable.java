package io.janklab.dashboards.report.html;

/// A table being written; every cell is escaped. Wide ones scroll by themselves; on a phone each row becomes a card whose cells carry their
/// headers. The page's script makes the headers sort.
final class HtmlTable {
    private final Html html;
    private final String alignment;
    private final String[] headers;

    HtmlTable(Html html, String alignment, String... headers) {
        this.html = html;
        this.alignment = alignment;
        this.headers = headers;
        html.raw("<div class=\"wide\"><table>\n<thead>");
        cells("th scope=\"col\"", headers);
        html.raw("</thead>\n<tbody>\n");
    }

    HtmlTable row(String... cells) {
        cells("td", cells);
        return this;
    }

    /// A row whose last cell is markup of our own.
    HtmlTable rowEndingWith(String markup, String... cells) {
        html.raw("<tr>");
        for (int i = 0; i < cells.length; i++) {
            cell("td", i, cells[i]);
        }
        int last = cells.length;
        html.raw("<td" + cssClass(alignment.charAt(last), "") + " data-label=\"").text(headers[last]).raw("\">" + markup + "</td></tr>\n");
        return this;
    }

    private void cells(String tag, String... cells) {
        html.raw("<tr>");
        for (int i = 0; i < cells.length; i++) {
            cell(tag, i, cells[i]);
        }
        html.raw("</tr>\n");
    }

    private void cell(String tag, int column, String text) {
        html.raw("<" + tag + cssClass(alignment.charAt(column), text));
        if (tag.equals("td")) {
            html.raw(" data-label=\"").text(headers[column]).raw("\"");
        }
        html.raw(">").text(text).raw(tag.equals("td") ? "</td>" : "</th>");
    }

    private static String cssClass(char column, String text) {
        return switch (column) {
            case 'r' -> " class=\"number\"";
            case 't' -> " class=\"text\"";
            case 'v' -> text.equals("lower") || text.equals("higher") ? " class=\"" + text + "\"" : "";
            default -> "";
        };
    }

    void end() {
        html.raw("</tbody></table></div>\n");
    }
}
