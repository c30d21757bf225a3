package io.janklab.dashboards.report;

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

    /// Opens a table; `alignment` has one letter per column: `l` to the left, `r` to the right, `t` text that may wrap.
    HtmlTable table(String alignment, String... headers) {
        return new HtmlTable(this, alignment, headers);
    }

    /// Safe in element content and in quoted attributes; characters that could hide or turn text are shown by their number.
    static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.append(isInvisible(c) ? String.format("[U+%04X]", (int) c) : c);
            }
        }
        return escaped.toString();
    }

    private static boolean isInvisible(char c) {
        return Character.isISOControl(c) || Character.getType(c) == Character.FORMAT;
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
