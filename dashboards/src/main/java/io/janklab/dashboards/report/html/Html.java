package io.janklab.dashboards.report.html;

/// HTML being written: markup of our own goes in raw, every other text escaped.
final class Html {
    private final StringBuilder out = new StringBuilder();

    Html raw(String markup) {
        out.append(markup);
        return this;
    }

    Html text(String text) {
        out.append(escape(text));
        return this;
    }

    /// `<name>text</name>`, the text escaped.
    Html element(String name, String text) {
        return raw("<" + name + ">").text(text).raw("</" + name + ">\n");
    }

    /// Opens a table; `alignment` has one letter per column: `l` to the left, `r` to the right, `t` text that may wrap, `v` a verdict.
    HtmlTable table(String alignment, String... headers) {
        return new HtmlTable(this, alignment, headers);
    }

    /// A place for the chart of that id, which the page's script draws.
    Html chart(String id, String caption) {
        raw("<figure><figcaption>").text(caption).raw("</figcaption><div class=\"chart\" data-chart=\"" + id + "\" role=\"img\" aria-label=\"");
        return text(caption).raw("\"></div></figure>\n");
    }

    /// Safe in element content and in quoted attributes; characters that could hide or turn text are shown by their number.
    static String escape(String text) {
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
