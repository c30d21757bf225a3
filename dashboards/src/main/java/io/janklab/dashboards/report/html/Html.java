package io.janklab.dashboards.report.html;

import java.util.ArrayList;
import java.util.List;

/// HTML being written: markup of our own goes in raw, every other text escaped.
public final class Html {
    private static final String HEADING = "h2";

    private final StringBuilder out = new StringBuilder();
    private final List<String> headings = new ArrayList<>();

    Html raw(String markup) {
        out.append(markup);
        return this;
    }

    Html text(String text) {
        out.append(escape(text));
        return this;
    }

    /// `<name>text</name>`, the text escaped. A heading of the second level can be linked to ([#contents]).
    Html element(String name, String text) {
        if (name.equals(HEADING)) {
            headings.add(text);
            return raw("<h2 id=\"h" + headings.size() + "\">").text(text).raw("</h2>\n");
        }
        return raw("<" + name + ">").text(text).raw("</" + name + ">\n");
    }

    /// Links to every heading written so far.
    String contents() {
        StringBuilder list = new StringBuilder("<nav aria-label=\"Contents\"><ul>\n");
        for (int i = 0; i < headings.size(); i++) {
            list.append("<li><a href=\"#h").append(i + 1).append("\">").append(escape(headings.get(i))).append("</a></li>\n");
        }
        return list + "</ul></nav>\n";
    }

    /// Opens a table; `alignment` has one letter per column: `l` to the left, `r` to the right, `t` text that may wrap, `v` a verdict.
    HtmlTable table(String alignment, String... headers) {
        return new HtmlTable(this, alignment, headers);
    }

    /// A place for the chart of that id, which the page's script draws.
    Html chart(String id, String caption) {
        raw("<figure><figcaption>").text(caption).raw("</figcaption><div class=\"chart\" data-chart=\"" + id + "\" data-caption=\"");
        return text(caption).raw("\"></div></figure>\n");
    }

    /// Safe in element content and in quoted attributes; characters that could hide or turn text are shown by their number.
    public static String escape(String text) {
        return visible(text)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    /// The text with characters that could hide or turn it shown by their number.
    static String visible(String text) {
        StringBuilder visible = new StringBuilder(text.length());
        text.chars().forEach(c -> visible.append(isInvisible((char) c) ? String.format("[U+%04X]", c) : String.valueOf((char) c)));
        return visible.toString();
    }

    private static boolean isInvisible(char c) {
        return Character.isISOControl(c) || Character.getType(c) == Character.FORMAT;
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
