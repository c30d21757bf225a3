package io.janklab.dashboards.report.html;

import java.util.List;
import java.util.stream.IntStream;

/// A self-contained page of sentences, tables and pictures in the report's design, without scripts: one to mail. Every text is escaped.
public class PlainPage {
    /// What stands to the right in a table: `12`, `+3 %`, `75.0 µs`, `1,308.7 µs`, or nothing known.
    private static final String NUMBER = "[-+−]?[\\d,.]+( ?(%|ns|µs|ms|s|min|B|KiB|MiB|GiB))?|–|";
    /// Characters of a cell that is not broken, so that what stands to the right of it has room.
    private static final int LONGEST_UNBROKEN = 32;
    private static final String POLICY =
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n";

    private final Html html = new Html();

    public PlainPage(String title) {
        this(title, "", "");
    }

    /// @param kicker a line above the title, or nothing
    /// @param style what the report's own does not have
    public PlainPage(String title, String kicker, String style) {
        html.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        html.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n").raw(POLICY);
        html.element("title", "Janklab: " + title);
        html.raw("<style>\n" + FrontEnd.text("report.css") + style + "</style>\n</head>\n<body>\n<main>\n<header>\n");
        if (!kicker.isEmpty()) {
            html.raw("<p class=\"kicker\">").text(kicker).raw("</p>\n");
        }
        html.element("h1", title).raw("</header>\n");
    }

    final Html html() {
        return html;
    }

    public final void paragraph(String text) {
        html.element("p", text);
    }

    public final void heading(String text) {
        html.element("h2", text);
    }

    /// A list of sentences.
    public final void list(List<String> sentences) {
        html.raw("<ul>\n");
        sentences.forEach(sentence -> html.element("li", sentence));
        html.raw("</ul>\n");
    }

    /// A table; the first row names its columns. Columns of figures stand to the right; long texts are broken.
    public final void table(List<List<String>> rows) {
        List<String> heads = rows.getFirst();
        List<List<String>> body = rows.subList(1, rows.size());
        StringBuilder alignment = new StringBuilder();
        IntStream.range(0, heads.size()).forEach(column -> alignment.append(alignment(column, body)));
        HtmlTable table = html.table(alignment.toString(), heads.toArray(String[]::new));
        body.forEach(row -> table.row(row.toArray(String[]::new)));
        table.end();
    }

    private static char alignment(int column, List<List<String>> body) {
        List<String> cells = body.stream().filter(row -> column < row.size()).map(row -> row.get(column)).toList();
        if (!cells.isEmpty() && cells.stream().allMatch(cell -> cell.matches(NUMBER))) {
            return 'r';
        }
        return cells.stream().anyMatch(cell -> cell.length() > LONGEST_UNBROKEN) ? 't' : 'l';
    }

    /// A picture.
    ///
    /// @param svg markup whose texts are escaped
    public final void picture(String caption, String svg) {
        html.raw("<figure><figcaption>").text(caption).raw("</figcaption>\n" + svg + "</figure>\n");
    }

    /// What the colours of pictures mean.
    ///
    /// @param colours CSS colours
    public final void legend(List<String> colours, List<String> meanings) {
        html.raw("<p class=\"legend\">");
        for (int i = 0; i < colours.size(); i++) {
            html.raw("<span><i style=\"background: " + colours.get(i) + "\"></i> ").text(meanings.get(i)).raw("</span>");
        }
        html.raw("</p>\n");
    }

    /// The page, whole.
    @Override
    public final String toString() {
        return html + "</main>\n</body>\n</html>\n";
    }
}
